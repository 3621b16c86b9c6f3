"""An outlook as bytes and back."""

import numpy as np
import pytest

from followups.contact_model.choosing import LEAST, LEAST_OF_MOVED
from followups.outlooks.packing import packed, unpacked

pytestmark = pytest.mark.either


def test_what_is_packed_comes_back_within_half_a_255th():
    chances, doubts = np.linspace(0, 1, 8, dtype=np.float32)[None], np.full((1, 8), 0.1, np.float32)

    [kept] = packed(chances, doubts, np.array([LEAST_OF_MOVED]))
    back = unpacked(kept)

    assert back.chances == pytest.approx(chances[0], abs=0.5 / 255)
    assert back.doubts == pytest.approx(doubts[0], abs=0.5 / 255)
    assert back.least == LEAST_OF_MOVED
    assert 0 < min(back.chances) < max(back.chances) < 1


def test_what_was_written_before_there_was_a_share_has_the_usual_one():
    assert unpacked(bytes(16)).least == LEAST
