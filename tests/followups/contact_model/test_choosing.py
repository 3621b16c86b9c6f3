import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followups.contact_model.choosing import (
    Stop,
    choose,
    is_worth_it,
    least_shares,
    why_stop,
)

pytestmark = pytest.mark.either

ALL = np.ones((1, 8), np.bool_)
SURE = np.zeros((1, 8), np.float32)
KEY, FIRST = np.array([77], np.uint64), np.array([0])
CHANCES = np.array([[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]], np.float32)


def test_the_likeliest_slot_that_may_be_called_is_chosen():
    not_the_last = ALL.copy()
    not_the_last[0, 7] = False

    choice = choose(CHANCES, SURE, not_the_last, KEY, FIRST, seed=1, random_share=0)

    assert choice.slot[0] == 6
    assert choice.chance[0] == pytest.approx(0.7)
    assert choice.propensity[0] == 1
    assert not choice.is_random[0]


def test_of_two_slots_as_good_the_one_less_known_is_tried():
    alike, doubts = np.full((1, 8), 0.35, np.float32), SURE + 0.05
    doubts[0, 2] = 0.15

    choice = choose(alike, doubts, ALL, KEY, FIRST, seed=1, random_share=0)

    assert choice.slot[0] == 2
    assert choice.chance[0] == pytest.approx(0.35)


def test_one_in_twenty_is_drawn_at_random_and_says_so():
    people = 20_000
    chances, keys = np.repeat(CHANCES, people, axis=0), np.arange(people, dtype=np.uint64)

    choice = choose(
        chances, np.zeros_like(chances), np.ones((people, 8), np.bool_), keys, np.zeros(people, int), seed=3
    )

    assert choice.is_random.mean() == pytest.approx(0.05, abs=0.006)
    drawn = np.bincount(choice.slot[choice.is_random], minlength=8) / choice.is_random.sum()
    assert drawn == pytest.approx(np.full(8, 1 / 8), abs=0.04)
    assert (choice.slot[~choice.is_random] == 7).all()


def test_the_propensities_of_what_may_be_chosen_are_what_happens():
    three = np.zeros((1, 8), np.bool_)
    three[0, [1, 4, 6]] = True
    people = 30_000
    keys = np.arange(people, dtype=np.uint64)

    choice = choose(
        np.repeat(CHANCES, people, axis=0), np.repeat(SURE, people, axis=0), np.repeat(three, people, axis=0),
        keys, np.zeros(people, int), seed=9,
    )  # fmt: skip

    for slot, propensity in ((1, 0.05 / 3), (4, 0.05 / 3), (6, 0.95 + 0.05 / 3)):
        assert choice.propensity[choice.slot == slot] == pytest.approx(propensity)
        assert (choice.slot == slot).mean() == pytest.approx(propensity, abs=0.005)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 2**64 - 1),
    st.integers(0, 2**63),
    st.integers(0, 8),
    st.lists(st.booleans(), min_size=8, max_size=8).filter(any),
)
def test_a_choice_is_admissible_and_the_same_when_asked_again(key, seed, tries, may):
    admissible, keys = np.array([may]), np.array([key], np.uint64)

    one = choose(CHANCES, SURE + 0.1, admissible, keys, np.array([tries]), seed=seed)
    again = choose(CHANCES, SURE + 0.1, admissible, keys, np.array([tries]), seed=seed)

    assert may[one.slot[0]]
    assert one.slot[0] == again.slot[0]
    assert 0 < one.propensity[0] <= 1 + 1e-6


def test_people_who_are_alike_are_not_all_called_in_the_same_hours():
    people = 800
    alike = np.full((people, 8), 0.35, np.float32)

    choice = choose(
        alike, alike, np.ones((people, 8), np.bool_), np.arange(people, dtype=np.uint64), np.zeros(people, int),
        seed=1, random_share=0,
    )  # fmt: skip

    assert np.bincount(choice.slot, minlength=8).min() > people / 8 * 0.6


def test_the_first_dial_of_a_round_is_always_worth_it():
    hopeless, least = np.full((1, 8), 0.02, np.float32), np.array([0.03])

    assert is_worth_it(hopeless, np.array([0.1]), np.array([0]), least)[0]
    assert not is_worth_it(hopeless, np.array([0.1]), np.array([1]), least)[0]


def test_who_said_when_is_left_sooner_and_who_moved_is_tried_for_longer():
    stated, moved = np.array([True, False, False, True]), np.array([False, False, True, True])
    hardly, tried, least = (
        np.full((4, 8), 0.06, np.float32),
        np.full(4, 3),
        0.09 * least_shares(stated, moved),
    )

    goes_on = is_worth_it(hardly, np.ones(4), tried, least)

    assert goes_on.tolist() == [False, True, True, True]
    assert is_worth_it(hardly * 0.7, np.ones(4), tried, least).tolist() == [False, False, True, True]


@pytest.mark.parametrize(
    ("alive", "dials", "days", "stop"),
    [
        (0.2, 3, 2, Stop.TRACE),
        (0.2, 2, 2, Stop.REST),  # never before three silent dials
        (0.2, 5, 1, Stop.REST),  # nor on a single day
        (0.8, 6, 4, Stop.REST),  # alive, and hardly ever there
    ],
)
def test_a_number_that_looks_dead_is_traced_and_a_person_hardly_there_is_left_in_peace(
    alive, dials, days, stop
):
    assert why_stop(alive, dials, days) is stop
