"""What the last dial in turn brings: less the more are allowed, and the more numbers are dead."""

from dataclasses import replace

import numpy as np
import pytest

from followups.contact_model.choosing import LEAST
from followups.contact_model.parameters import Parameters
from followups.contact_model.yields import last_in_turn

pytestmark = pytest.mark.either
ALIKE = Parameters(level=float(np.log(0.35 / 0.65)), spread_person=1e-6, spread_pattern=1e-6, dead=0.1)


def test_the_first_dial_reaches_whoever_answers_on_a_number_that_is_alive():
    assert last_in_turn(ALIKE, 1) == pytest.approx(0.9 * 0.35)


def test_where_all_are_alike_only_dead_numbers_make_it_less():
    unreached = 0.9 * 0.65**7

    assert last_in_turn(ALIKE, 8) == pytest.approx(0.35 * unreached / (unreached + 0.1), rel=1e-4)


@pytest.mark.parametrize("spread", [0.0001, 0.8, 1.5])
def test_it_is_less_the_more_attempts_are_allowed_and_the_more_numbers_are_dead(spread):
    world = replace(ALIKE, spread_person=spread, spread_pattern=spread)

    one, four, eight, twelve = (last_in_turn(world, cap) for cap in (1, 4, 8, 12))

    assert one > four > eight > twelve
    assert last_in_turn(replace(world, dead=0.4), 4) < four


def test_with_eight_attempts_a_dial_has_to_promise_a_contact_in_eighteen():
    as_method_says = Parameters(spread_person=0.8, spread_pattern=0.8)

    assert 1 / 20 < LEAST * last_in_turn(as_method_says, 8) < 1 / 16
