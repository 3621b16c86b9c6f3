from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followups.contact_model.ageing import weight_after
from followups.contact_model.choosing import LEAST, LEAST_OF_MOVED, LEAST_OF_STATED
from followups.contact_model.evidence import Evidence
from followups.contact_model.outlook import outlook_of
from followups.contact_model.parameters import Parameters
from followups.contact_model.particles import draws
from tests.followups.contact_model.people import evidence

KNOWN = Parameters(level=-0.6, spread_person=0.8, spread_pattern=0.8, dead=0.1, dies=0.05, revives=0.3)
EVENING, MORNING = 3, 0

pytestmark = pytest.mark.either


def test_whoever_answers_in_the_evening_is_expected_in_the_evening():
    answered = evidence([[(MORNING, False), (EVENING, True)], [(EVENING, True)], []])

    outlook = outlook_of(KNOWN, answered)

    assert outlook.chances[0].argmax() == EVENING
    assert outlook.chances[0].argmin() == MORNING


def test_what_was_tried_often_is_doubted_less():
    answered = evidence([[(EVENING, True)] for _round in range(5)])

    doubts = outlook_of(KNOWN, answered).doubts[0]

    assert doubts.argmin() == EVENING
    assert doubts[EVENING] < doubts[MORNING] - 0.02


def test_the_slots_of_a_segment_that_is_hardly_known_are_doubted_more():
    untried = evidence([[]])
    known = replace(KNOWN, doubts={untried.segments[0]: (0.02,) * 7 + (0.4,)})

    doubts = outlook_of(known, untried).doubts[0]
    unseen = outlook_of(KNOWN, untried).doubts[0]

    assert doubts[7] == pytest.approx(doubts[0] + 0.38 * 0.25, abs=0.02)
    assert doubts[0] < unseen[0] < doubts[7]


def test_an_outlook_says_what_a_dial_has_to_promise():
    stayed, stated = evidence([[]], [[]]), evidence([[]], stated=[EVENING])
    moved = evidence([[(EVENING, True)], []], moved=[(1, 0)])
    moved_before = evidence([[(EVENING, True)], [], []], moved=[(1, 0)])

    least = [float(outlook_of(KNOWN, one).least[0]) for one in (stayed, stated, moved, moved_before)]

    assert least == pytest.approx([LEAST, LEAST_OF_STATED, LEAST_OF_MOVED, LEAST])


def test_nobody_tried_is_expected_as_everybody_is():
    untried = evidence([[]], [[]])

    outlook = outlook_of(KNOWN, untried)

    assert np.allclose(outlook.chances, outlook.chances[0, 0], atol=0.02)
    assert outlook.alive == pytest.approx(0.9, abs=1e-5)


def test_silence_is_the_number_s_or_the_person_s():
    silent = evidence([[(slot, False) for slot in range(8)]])

    outlook = outlook_of(KNOWN, silent)

    # Alone, 0.9 * 0.65^8 against 0.1 would leave 0.22; people who hardly ever answer keep it higher.
    assert 0.3 < outlook.alive[0] < 0.6
    assert outlook.chances[0].max() < 0.3


def test_five_silent_dials_on_people_who_are_all_alike_leave_what_method_says():
    alike = replace(KNOWN, level=float(np.log(0.35 / 0.65)), spread_person=0.001, spread_pattern=0.001)

    five = outlook_of(alike, evidence([[(slot, False) for slot in range(5)]])).alive[0]
    eight = outlook_of(alike, evidence([[(slot, False) for slot in range(8)]])).alive[0]

    # Method 3.4: with a0 = .9 and p = .35, five failures .51, eight .22.
    assert five == pytest.approx(0.51, abs=0.005)
    assert eight == pytest.approx(0.22, abs=0.005)


def test_whoever_answered_has_a_number_that_works():
    reached = evidence([[(EVENING, True)]])

    assert outlook_of(KNOWN, reached).alive[0] == pytest.approx(1)


def test_between_rounds_a_number_may_die_and_a_dead_one_be_found():
    reached_then_nothing = evidence([[(EVENING, True)], []])

    # 5 % die, and of those 30 % are found before the round begins.
    assert outlook_of(KNOWN, reached_then_nothing).alive[0] == pytest.approx(1 - 0.05 * 0.7, abs=1e-5)


def test_a_stated_best_time_is_believed_as_far_as_such_words_were_right():
    said = evidence([[]], stated=[EVENING])

    sure = outlook_of(replace(KNOWN, stated_right=0.9), said).chances[0]
    doubtful = outlook_of(replace(KNOWN, stated_right=0.3), said).chances[0]
    worthless = outlook_of(replace(KNOWN, stated_right=0.0), said).chances[0]

    assert sure.argmax() == doubtful.argmax() == EVENING
    assert sure[EVENING] > doubtful[EVENING] + 0.1
    assert np.ptp(worthless) < 0.05


def test_a_move_wipes_the_pattern_and_keeps_the_level():
    history = [[(MORNING, True)], [(MORNING, True)], [(MORNING, True)], []]

    stayed = outlook_of(KNOWN, evidence(history)).chances[0]
    moved = outlook_of(KNOWN, evidence(history, moved=[(3, 0)])).chances[0]
    stranger = outlook_of(KNOWN, evidence([[]])).chances[0]

    assert np.ptp(moved) < 0.05 < np.ptp(stayed)
    assert moved.mean() > stranger.mean() + 0.03


def test_a_number_just_given_is_as_alive_as_any():
    silent = [[(slot, False) for slot in range(8)], []]

    old_number = outlook_of(KNOWN, evidence(silent)).alive[0]
    new_number = outlook_of(KNOWN, evidence(silent, moved=[(1, 0)], renewed=[(1, 0)])).alive[0]

    assert old_number < 0.75
    assert new_number == pytest.approx(0.9, abs=1e-5)


def test_an_old_round_says_less_than_a_new_one():
    history = [[(EVENING, True)], [(EVENING, True)], []]
    old = np.array([[0.25], [0.25], [1.0]], np.float32)

    fresh = outlook_of(KNOWN, evidence(history)).chances[0]
    faded = outlook_of(KNOWN, evidence(history, weight=old)).chances[0]

    assert faded.argmax() == EVENING
    assert faded[EVENING] < fresh[EVENING] - 0.03


def test_the_weight_of_a_dial_halves_in_two_years_less_ten_days():
    assert weight_after([0, 720, 1440]) == pytest.approx([1, 0.5, 0.25])


def test_a_segment_never_seen_is_as_everybody():
    seen = replace(KNOWN, by_segment={"a": (1.0,) * 8})

    strange = outlook_of(seen, evidence([[]], segment="b")).chances[0]

    assert strange == pytest.approx(outlook_of(KNOWN, evidence([[]])).chances[0], abs=1e-5)


def test_the_posterior_is_that_of_sums_over_many_more_people_drawn_otherwise():
    """The shared draws against plain Monte Carlo with other draws: one person, two rounds, worked out by hand."""
    history = evidence(
        [[(EVENING, False), (MORNING, False), (EVENING, True)], [(MORNING, False), (EVENING, False)]]
    )
    drawn = np.random.default_rng(7).normal(size=(400_000, 9))
    chance = 1 / (1 + np.exp(-(KNOWN.level + 0.8 * drawn[:, :1] + 0.8 * drawn[:, 1:])))
    evening, morning = chance[:, EVENING], chance[:, MORNING]
    first = (1 - evening) * (1 - morning) * evening
    silent = (1 - morning) * (1 - evening)
    lives = 1 - 0.05 * 0.7
    alive = first * lives * silent
    dead = first * (1 - lives)

    outlook = outlook_of(KNOWN, history)

    assert outlook.alive[0] == pytest.approx(alive.sum() / (alive.sum() + dead.sum()), abs=0.01)
    assert outlook.chances[0] == pytest.approx(alive @ chance / alive.sum(), abs=0.03)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.lists(st.tuples(st.integers(0, 7), st.booleans()), max_size=8), min_size=1, max_size=6),
        min_size=1,
        max_size=5,
    )
)
def test_every_outlook_is_a_chance_and_nobody_s_depends_on_the_others(histories):
    together = outlook_of(KNOWN, evidence(*histories))
    longest = max(len(one) for one in histories)
    alone = outlook_of(KNOWN, evidence(histories[0] + [[]] * (longest - len(histories[0]))))

    assert ((together.chances > 0) & (together.chances < 1)).all()
    assert ((together.alive >= 0) & (together.alive <= 1 + 1e-6)).all()
    assert together.chances[0] == pytest.approx(alone.chances[0], abs=1e-4)


def test_the_draws_are_standard_and_always_the_same():
    drawn = draws()

    assert drawn.mean(axis=0) == pytest.approx(np.zeros(9), abs=1e-6)
    assert drawn.std(axis=0) == pytest.approx(np.ones(9), abs=1e-5)
    assert drawn is draws()


def test_evidence_of_another_shape_is_refused():
    good = evidence([[]])

    with pytest.raises(ValueError, match="every round says of every person"):
        Evidence(**{name: getattr(good, name) for name in Evidence.__slots__} | {"moved": good.moved[:, :0]})


def test_parameters_come_back_from_json_as_they_were():
    learned = replace(KNOWN, by_segment={"a": (0.5,) * 8}, by_slot=(0.1,) * 8, doubts={"a": (0.2,) * 8})

    assert Parameters.from_json(learned.to_json()) == learned


def test_what_was_learned_before_segments_were_doubted_is_still_read():
    kept = Parameters(by_segment={"a": (0.5,) * 8}).to_json()
    del kept["doubts"]

    assert Parameters.from_json(kept).doubts == {}
