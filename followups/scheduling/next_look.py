"""When to offer a follow-up next, and when to look at it again if it cannot be offered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from followups.scheduling.burden_rules import burdens, exempt_spans, open_appointment
from followups.scheduling.hard_filters import blocked_spans, refusals
from followups.scheduling.reasons import Refusal
from followups.scheduling.situation import Appointment, PastAttempt, Situation
from followups.scheduling.slots import Slot, least_tried, slot_of, slot_spans
from followups.scheduling.spans import Span, Spans, common, overlap, without
from kernel.zones import local


def ready_span(situation: Situation, now: datetime, horizon: datetime) -> Span | None:
    """The next [ready_from, ready_until) before `horizon` in which no rule refuses; None when there is none.

    An appointment or agreed reconnection comes first, and a missed one as soon as may be. Otherwise the least-tried
    slot is waited for, but only as long as the attempts still left fit into the window; if it does not come by
    then, the best slot that does.
    """
    free = callable_spans(situation, now, horizon)
    if not free:
        return None
    expected = common(free, exempt_spans(situation))
    if expected:
        return expected[0]
    return free[0] if open_appointment(situation) else _in_best_slot(situation, free)


def callable_spans(situation: Situation, now: datetime, horizon: datetime) -> Spans:
    """Every stretch of [now, horizon) in which no rule refuses, if nothing but the clock changes."""
    within = Span(now, horizon)
    return () if within.is_empty else without((within,), blocked_spans(situation, within))


def next_look_at(found: Sequence[Refusal], now: datetime) -> datetime | None:
    """When the refusals may all have lifted: never later than the first callable instant.

    `now` when there are none; None when one of them waits for an event and not for the clock.
    """
    ends = [refusal.until for refusal in found]
    known = [end for end in ends if end is not None]
    return max([now, *known]) if len(known) == len(ends) else None


def obstacles_to(situation: Situation, appointment: Appointment, now: datetime) -> tuple[Refusal, ...]:
    """What would stop a call at the start of this appointment; ask before promising it to the person.

    The sitting in progress is counted as an attempt made now.
    """
    planned = replace(
        situation,
        attempts=(*situation.attempts, PastAttempt(now, counts_as_burden=True, in_this_round=True)),
        appointment=appointment,
        reconnection=None,
        claim=None,
        dialled=frozenset(),
        not_before=None,
    )
    return refusals(planned, max(appointment.from_at, now))


def _in_best_slot(situation: Situation, free: Spans) -> Span:
    """The first free piece of the least-tried slot among those that come soon enough."""
    hours, zone_name = situation.calling_hours.hours, situation.zones[0]
    soon = overlap(Span(free[0].starts_at, free[-1].ends_at), _patience(situation, free[0].starts_at))
    pieces: list[tuple[Slot, Span]] = []
    for slot, span in slot_spans(soon, zone_name, hours, situation.rest_days):
        pieces.extend((slot, piece) for piece in common(free, (span,)))
    best = least_tried(_times_tried(situation), {slot for slot, _ in pieces}, situation.slot_offset)
    return next((piece for slot, piece in pieces if slot == best), free[0])


def _patience(situation: Situation, earliest: datetime) -> Span:
    """How long a better slot may be waited for: the rest of the window shared among the attempts left, a day at
    least. Long lags between attempts do not help, and waiting must not cost an attempt."""
    closes_at = situation.window.closes_at if situation.window else earliest
    made = sum(attempt.in_this_round for attempt in burdens(situation))
    share = (closes_at - earliest) / max(situation.attempt_cap - made, 1)
    return Span(earliest, earliest + max(share, timedelta(days=1)))


def _times_tried(situation: Situation) -> Counter[Slot]:
    """How often each slot was tried in this round, on the likeliest of the person's clocks."""
    hours, zone_name = situation.calling_hours.hours, situation.zones[0]
    tried = (
        slot_of(local(attempt.at, zone_name), hours, situation.rest_days)
        for attempt in burdens(situation)
        if attempt.in_this_round
    )
    return Counter(slot for slot in tried if slot is not None)
