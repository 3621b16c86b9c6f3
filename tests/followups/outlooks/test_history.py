"""Evidence from who people are, their rounds and their dials: pure."""

import numpy as np

from followups.outlooks.history import MOST_ROUNDS, evidence_by_rounds, evidence_of_all, joined
from followups.outlooks.reading import Person, history_of

DAY = 86_400
NOW = 20_000 * DAY
MORNING, EVENING = "morning_work", "evening_work"


def somebody(key="a", **changes):
    known = {
        "stage": "arrived", "sex": "woman", "country": "TN", "best_slot": "", "stage_at": 0, "number_at": 0, **changes
    }  # fmt: skip
    return Person(key, **known)


def began(days_ago, key="a", stage="arrived"):
    """A round in which nobody was dialled."""
    return (key, NOW - days_ago * DAY, stage, None, None, None, None)


def dial(days_ago, round_ago, outcome="no_answer", slot=MORNING, key="a", stage="arrived"):
    reached = outcome in ("completed", "not_now")
    return (key, NOW - round_ago * DAY, stage, NOW - days_ago * DAY, slot, outcome, reached)


def evidence(rows, *people):
    [(places, found)] = evidence_by_rounds(history_of(people or [somebody()], rows), NOW)
    return found


def test_dials_are_counted_by_round_and_slot_and_a_round_fades_once_it_is_over():
    found = evidence([dial(725, 730), dial(0, 720, "completed", EVENING)])

    assert found.rounds == 2
    assert found.failures[0, 0].tolist() == [1, 0, 0, 0, 0, 0, 0, 0]
    assert found.weight[:, 0].tolist() == [0.5, 1]
    assert found.contacts[1, 0].tolist() == [0, 0, 0, 1, 0, 0, 0, 0]
    assert found.reached[:, 0].tolist() == [False, True]


def test_a_phone_that_was_off_says_a_quarter_and_a_wrong_number_nothing():
    off = evidence([dial(0, 1, "switched_off")])
    wrong = evidence([dial(0, 1, "wrong_number"), dial(0, 1, "disconnected"), dial(0, 1, "not_connected")])

    assert off.failures.sum() == 0.25
    assert wrong.failures.sum() == 0


def test_a_round_without_a_dial_is_a_round_all_the_same():
    found = evidence([began(60), began(30), dial(1, 2)])

    assert found.rounds == 3
    assert found.failures.sum(axis=(1, 2)).tolist() == [0, 0, 1]


def test_another_stage_or_a_new_number_since_the_round_before_is_a_move():
    stage = evidence([began(60, stage="in_transit"), began(5)])
    number = evidence([began(60), began(5)], somebody(number_at=NOW - 30 * DAY))
    neither = evidence([began(60), began(5)], somebody(number_at=NOW - 90 * DAY, stage_at=NOW - 90 * DAY))

    assert stage.moved[:, 0].tolist() == [False, True]
    assert number.moved[:, 0].tolist() == [False, True]
    assert number.renewed[:, 0].tolist() == [False, True]
    assert not stage.renewed.any()
    assert not neither.moved.any()


def test_a_new_number_in_the_midst_of_a_round_begins_another():
    found = evidence([dial(4, 5), dial(1, 5)], somebody(number_at=NOW - 2 * DAY))

    assert found.moved[:, 0].tolist() == [False, True]
    assert found.failures.sum(axis=(1, 2)).tolist() == [1, 1]


def test_a_number_given_before_the_first_round_is_no_move():
    found = evidence([began(5)], somebody(number_at=NOW - 6 * DAY, stage_at=NOW - 6 * DAY))

    assert found.rounds == 1
    assert not found.moved.any()


def test_what_is_older_than_the_rounds_told_apart_is_counted_with_the_first_of_them():
    rows = [dial(10 * place, 10 * place + 1) for place in range(1, MOST_ROUNDS + 4)]

    found = evidence(rows)

    assert found.rounds == MOST_ROUNDS
    assert (found.failures[0].sum(), found.failures[1].sum()) == (4, 1)


def test_people_with_as_many_rounds_come_together_and_keep_their_places():
    people = [somebody("a"), somebody("b", best_slot=EVENING), somebody("c")]
    rows = [began(5, "a"), began(60, "b"), began(5, "b"), began(5, "c"), dial(1, 5, key="c")]

    found = list(evidence_by_rounds(history_of(people, rows), NOW))

    assert [places.tolist() for places, _one in found] == [[0, 2], [1]]
    assert found[0][1].failures[0].sum(axis=1).tolist() == [0, 1]
    assert found[1][1].stated.tolist() == [3]


def test_somebody_without_any_round_has_one_in_which_nothing_was_tried():
    found = evidence([], somebody(number_at=NOW, stage_at=NOW))

    assert (found.rounds, found.people) == (1, 1)
    assert not found.moved.any()


def test_who_has_fewer_rounds_begins_later_where_all_are_laid_side_by_side():
    people = [somebody("a"), somebody("b")]
    rows = [began(60, "a"), dial(1, 5, key="a"), dial(2, 5, key="b")]

    found = evidence_of_all(history_of(people, rows), NOW)

    assert found.first.tolist() == [0, 1]
    assert found.failures[1].sum(axis=1).tolist() == [1, 1]


def test_segments_that_no_model_knows_are_counted_as_any():
    history = history_of([somebody("a"), somebody("b", stage="settled")], [])

    found = history.with_segments({"settled/woman/TN"})

    assert [found.segments[place] for place in found.segment] == ["", "settled/woman/TN"]


def test_histories_are_joined_and_cut_without_mixing_people_up():
    one = history_of([somebody("a")], [dial(1, 2, key="a")])
    other = history_of([somebody("b", stage="settled")], [dial(1, 2, "completed", EVENING, "b", "settled")])

    both = joined([one, other])

    assert [both.segments[place] for place in both.segment] == ["arrived/woman/TN", "settled/woman/TN"]
    assert both.dial_person.tolist() == [0, 1]
    first = both.first(1)
    assert (first.people, first.dials, first.dial_slot.tolist()) == (1, 1, [0])


def test_a_dial_outside_of_all_slots_tells_of_the_number_and_of_no_slot():
    found = evidence([dial(1, 2, "completed", slot="")])

    assert found.contacts.sum() == 0
    assert found.reached[0, 0]
    assert found.contacts.dtype == np.float32
