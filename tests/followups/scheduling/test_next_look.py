from dataclasses import replace
from datetime import timedelta

from consent.folding import Standing
from followups.scheduling.hard_filters import refusals
from followups.scheduling.next_look import callable_spans, next_look_at, obstacles_to, ready_span
from followups.scheduling.planning import Window
from followups.scheduling.reasons import Reason, Refusal
from followups.scheduling.situation import Hold, HoldKind, Permission, Reconnection
from followups.scheduling.spans import Span
from tests.followups.scheduling.people import NOON, firm, number, person, tried

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEK_ON = NOON + 7 * DAYS
# NOON is 13:00 in Tunis: midday is [NOON - 2 h, NOON + 1 h), afternoon until NOON + 4 h, evening until NOON + 7 h.


def test_somebody_never_tried_starts_in_a_slot_of_their_own():
    starts = {ready_span(person(slot_offset=offset), NOON, WEEK_ON).starts_at for offset in range(4)}

    assert starts == {NOON, NOON + HOURS, NOON + 4 * HOURS, NOON + 19 * HOURS}


def test_after_a_midday_try_another_part_of_the_day_comes_next():
    situation = person(attempts=(tried(NOON - HOURS),), slot_offset=1)

    assert ready_span(situation, NOON, WEEK_ON) == Span(NOON + 2 * HOURS, NOON + 4 * HOURS)


def test_three_unanswered_tries_are_in_three_slots():
    situation, now = person(slot_offset=1), NOON
    found = []

    for _ in range(3):
        now = ready_span(situation, now, WEEK_ON).starts_at
        found.append(now)
        situation = replace(situation, attempts=(*situation.attempts, tried(now)))

    assert found == [
        NOON,
        NOON + 3 * HOURS,
        NOON + 28 * HOURS,
    ]  # midday, afternoon, and evening of the next day


def test_a_better_slot_after_the_close_of_the_window_is_not_waited_for():
    closing = Window(NOON - 5 * DAYS, NOON, NOON + 30 * MINUTES)
    situation = person(window=closing, attempts=(tried(NOON - DAYS),), slot_offset=1)

    assert ready_span(situation, NOON, WEEK_ON) == Span(NOON, NOON + 30 * MINUTES)


def test_an_appointment_comes_before_any_slot():
    situation = person(appointment=firm(NOON + DAYS, asked_at=NOON), attempts=(tried(NOON - 5 * MINUTES),))

    assert ready_span(situation, NOON, WEEK_ON) == Span(
        NOON + DAYS - 15 * MINUTES, NOON + DAYS + 15 * MINUTES
    )


def test_a_missed_appointment_is_made_good_as_soon_as_may_be():
    missed = person(appointment=firm(NOON - HOURS, asked_at=NOON - DAYS), attempts=(tried(NOON - DAYS),))

    assert ready_span(missed, NOON, WEEK_ON).starts_at == NOON


def test_an_agreed_reconnection_comes_at_once():
    situation = person(
        attempts=(tried(NOON - MINUTES),), reconnection=Reconnection(NOON, NOON + 20 * MINUTES)
    )

    assert ready_span(situation, NOON, WEEK_ON) == Span(NOON, NOON + 20 * MINUTES)


def test_a_ready_span_ends_when_consent_does():
    situation = person(recontact=Permission(Standing.GRANTED, NOON + 20 * MINUTES), slot_offset=1)

    assert callable_spans(situation, NOON, WEEK_ON) == (Span(NOON, NOON + 20 * MINUTES),)


def test_a_horizon_that_has_passed_gives_nothing():
    assert ready_span(person(), NOON, NOON) is None


def test_the_next_look_waits_for_the_last_of_the_reasons():
    found = (Refusal(Reason.SPACING, NOON + HOURS), Refusal(Reason.DAY_CAP, NOON + 9 * HOURS))

    assert next_look_at(found, NOON) == NOON + 9 * HOURS


def test_without_a_reason_the_look_is_now_and_with_an_open_one_it_waits_for_an_event():
    on_hold = person(holds=(Hold(HoldKind.SAFETY, None),))

    assert next_look_at((), NOON) == NOON
    assert next_look_at(refusals(on_hold, NOON), NOON) is None


def test_a_call_back_that_cannot_be_kept_is_known_before_it_is_promised():
    tried_today = person(attempts=(tried(NOON - 5 * HOURS),))
    in_half_an_hour, tomorrow = firm(NOON + 30 * MINUTES, NOON), firm(NOON + DAYS, NOON)

    assert [one.reason for one in obstacles_to(tried_today, in_half_an_hour, NOON)] == [Reason.DAY_CAP]
    assert obstacles_to(tried_today, tomorrow, NOON) == ()
    assert obstacles_to(person(), in_half_an_hour, NOON) == ()


def test_a_call_back_outside_safe_hours_or_after_the_window_is_known_too():
    at_night, too_late = firm(NOON + 9 * HOURS, NOON), firm(NOON + 15 * DAYS, NOON)

    assert [one.reason for one in obstacles_to(person(), at_night, NOON)] == [Reason.OUTSIDE_SAFE_TIMES]
    assert [one.reason for one in obstacles_to(person(), too_late, NOON)] == [Reason.WINDOW_CLOSED]


def test_a_number_that_becomes_wrong_leaves_nothing_to_wait_for():
    assert ready_span(person(numbers=(number(is_barred=True),)), NOON, WEEK_ON) is None
