"""What is written of an outlook beside its number: chances and how far off they may be, as bytes. Pure."""

from typing import NamedTuple

import numpy as np

from followups.contact_model.choosing import LEAST
from followups.contact_model.evidence import SLOT_COUNT, Floats

WHOLE = 255
HUNDRED = 100
NEVER, ALWAYS = 0.5 / WHOLE, 1 - 0.5 / WHOLE
"""What a byte of 0 and of 255 stand for: nobody is certain."""


class Unpacked(NamedTuple):
    chances: tuple[float, ...]
    doubts: tuple[float, ...]
    least: float


def packed(chances: Floats, doubts: Floats, least: Floats) -> list[bytes]:
    """Seventeen bytes for each row: the chances (n, 8), then the doubts about them (n, 8), both in 255ths, then the
    share of what the last dial in turn brings that a dial has to promise (n,), in hundredths."""
    shares = np.rint(np.clip(np.hstack([chances, doubts]), 0, 1) * WHOLE)
    whole = np.hstack([shares, np.rint(least * HUNDRED)[:, None]]).astype(np.uint8)
    return [row.tobytes() for row in whole]


def in_255ths(alive: Floats) -> list[int]:
    return np.rint(np.clip(alive, 0, 1) * WHOLE).astype(int).tolist()  # type: ignore[no-any-return]


def unpacked(kept: bytes | memoryview) -> Unpacked:
    """What such bytes stand for; no chance is certain. Of an outlook from before there was a share, the usual one."""
    written = bytes(kept)
    shares = tuple(byte / WHOLE for byte in written[: 2 * SLOT_COUNT])
    chances = tuple(min(max(share, NEVER), ALWAYS) for share in shares[:SLOT_COUNT])
    least = written[2 * SLOT_COUNT] / HUNDRED if len(written) > 2 * SLOT_COUNT else LEAST
    return Unpacked(chances, shares[SLOT_COUNT:], least)
