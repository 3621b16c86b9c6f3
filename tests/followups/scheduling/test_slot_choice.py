"""The slot a round is dialled in next: by the outlook within what is allowed, in turn where a model has no word."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from followups.contact_model.choosing import Stop
from followups.scheduling.next_look import callable_spans, next_offer, ready_span
from followups.scheduling.situation import PastAttempt, SlotOutlook
from followups.scheduling.slot_choice import chosen
from followups.scheduling.slots import SLOTS, slot_of
from followups.scheduling.spans import common
from kernel.zones import local
from tests.followups.scheduling.people import AMINA, NOON, firm, number, person, situations, tried

DAYS, HOURS = timedelta(days=1), timedelta(hours=1)
WEEK_ON = NOON + 7 * DAYS
EVENING_OF_REST = 7


def outlook(best=EVENING_OF_REST, alive=0.95, key=1, **changes):
    """Somebody who answers in one slot more than in the others."""
    chances = tuple(0.8 if place == best else 0.2 for place in range(8))
    return replace(SlotOutlook(chances, (0.1,) * 8, alive, 0.055, key, seed=11, model=3), **changes)


def silent(*days_ago):
    return tuple(tried(NOON - days * DAYS) for days in days_ago)


def test_the_slot_in_which_they_answer_most_is_waited_for():
    found = next_offer(person(outlook=outlook(), attempt_cap=2), NOON, WEEK_ON)

    starts = local(found.span.starts_at, "Africa/Tunis")
    assert (starts.weekday(), starts.hour) == (5, 17)
    assert (found.choice.slot.code, found.choice.model, found.choice.attempt_number) == ("evening_rest", 3, 1)
    assert round(found.choice.chance, 2) == 0.8


def test_the_same_situation_always_chooses_the_same():
    situation = person(outlook=outlook())

    assert next_offer(situation, NOON, WEEK_ON) == next_offer(situation, NOON, WEEK_ON)


def test_a_slot_that_does_not_come_in_time_is_not_waited_for():
    closes_soon = person(outlook=outlook(), window=replace(person().window, closes_at=NOON + 2 * DAYS))

    found = next_offer(closes_soon, NOON, NOON + 2 * DAYS)

    assert found.choice.slot.is_rest_day is False
    assert found.choice.slot in {slot for slot in SLOTS if not slot.is_rest_day}


def test_one_in_twenty_is_drawn_at_random_and_says_so():
    everywhere = frozenset(SLOTS)
    drawn = [chosen(person(outlook=outlook(key=key * 7919)), everywhere) for key in range(4000)]

    at_random = [one for one in drawn if one.is_random]

    assert 140 <= len(at_random) <= 260
    assert {one.slot for one in at_random} == everywhere
    assert {round(one.propensity, 5) for one in at_random} == {round(0.05 / 8, 5), round(0.95 + 0.05 / 8, 5)}
    assert all(one.slot == SLOTS[EVENING_OF_REST] for one in drawn if not one.is_random)


def test_after_a_refusal_slots_go_in_turn():
    situation = person(outlook=outlook(), refused_to=frozenset({AMINA}))

    assert next_offer(situation, NOON, WEEK_ON).span == ready_span(person(), NOON, WEEK_ON)
    assert next_offer(situation, NOON, WEEK_ON).choice.model is None


def test_in_a_search_the_model_has_no_word():
    situation = person(outlook=outlook(alive=0.01), attempts=silent(4, 3, 2), is_tracing=True)

    assert next_offer(situation, NOON, WEEK_ON).stop is None


def test_an_appointment_comes_before_what_was_learned():
    situation = person(
        outlook=outlook(alive=0.01), attempts=silent(4, 3, 2), appointment=firm(NOON + DAYS, NOON)
    )

    found = next_offer(situation, NOON, WEEK_ON)

    assert found.span.starts_at == NOON + DAYS - timedelta(minutes=15)
    assert (found.choice, found.stop) == (None, None)


@pytest.mark.parametrize(
    ("alive", "attempts", "stop"),
    [
        (0.05, silent(4, 3, 2), Stop.TRACE),
        (0.05, silent(4, 3), Stop.REST),
        (0.05, (), None),
        (0.95, silent(4, 3, 2), None),
    ],
)
def test_tracing_begins_after_three_silent_calls_on_two_days_and_never_before(alive, attempts, stop):
    situation = person(outlook=outlook(alive=alive), attempts=attempts)

    assert next_offer(situation, NOON, WEEK_ON).stop == stop


def test_three_silent_calls_on_one_day_are_too_few_to_trace():
    there = NOON - 2 * DAYS - 4 * HOURS
    situation = person(
        outlook=outlook(alive=0.05),
        attempts=(tried(there), tried(there + 3 * HOURS), tried(there + 6 * HOURS)),
    )

    assert next_offer(situation, NOON, WEEK_ON).stop is Stop.REST


def test_calls_before_the_newest_number_and_before_the_last_contact_do_not_count_towards_tracing():
    reached = PastAttempt(NOON - 3 * DAYS, counts_as_burden=True, in_this_round=True, was_reached=True)
    answered = person(outlook=outlook(alive=0.05), attempts=(*silent(5, 4), reached, *silent(2)))
    renewed = person(outlook=outlook(alive=0.05), attempts=silent(4, 3, 2), newest_number_at=NOON - DAYS)

    assert next_offer(answered, NOON, WEEK_ON).stop is Stop.REST
    assert next_offer(renewed, NOON, WEEK_ON).stop is Stop.REST


outlooks = st.builds(
    SlotOutlook,
    chances=st.tuples(*[st.floats(0.002, 0.998)] * 8),
    alive=st.floats(0.002, 0.998),
    key=st.integers(0, 2**64 - 1),
    seed=st.integers(0, 2**31 - 1),
    doubts=st.tuples(*[st.floats(0, 0.4)] * 8),
    model=st.just(1),
)


@settings(deadline=None, max_examples=300)
@given(situations(), outlooks)
def test_whatever_the_model_says_a_span_lies_where_no_rule_refuses_and_in_the_slot_it_names(made, said):
    situation, now = made
    horizon = now + timedelta(days=3)
    situation = replace(situation, outlook=said)

    offer = next_offer(situation, now, horizon)

    event(f"span {bool(offer.span)}, choice {bool(offer.choice)}, stop {offer.stop}")
    free = callable_spans(situation, now, horizon)
    assert offer.span is None or common(free, (offer.span,)) == (offer.span,)
    assert offer.span is None or offer.stop is None
    if offer.choice:
        there = local(offer.span.starts_at, situation.zones[0])
        hours = situation.calling_hours.hours
        assert slot_of(there, hours, situation.rest_days) == offer.choice.slot
        assert 0 < offer.choice.propensity <= 1


@settings(deadline=None, max_examples=100)
@given(situations(), outlooks)
def test_nobody_becomes_callable_by_an_outlook(made, said):
    situation, now = made
    horizon = now + timedelta(days=3)

    without, by_model = (
        ready_span(situation, now, horizon),
        next_offer(replace(situation, outlook=said), now, horizon),
    )

    assert by_model.span is None or without is not None
    assert by_model.stop is None or without is not None


def test_a_barred_number_is_not_offered_however_likely_the_contact():
    assert (
        next_offer(person(numbers=(number(is_barred=True),), outlook=outlook()), NOON, WEEK_ON).span is None
    )
