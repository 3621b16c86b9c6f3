"""When to offer a follow-up next, and when to look at it again if it cannot be offered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from followups.contact_model.choosing import Stop
from followups.scheduling.burden_rules import burdens, exempt_spans, open_appointment
from followups.scheduling.hard_filters import blocked_spans, refusals
from followups.scheduling.reasons import Refusal
from followups.scheduling.situation import Appointment, PastAttempt, Situation
from followups.scheduling.slot_choice import Choice, chosen, why_stopped
from followups.scheduling.slots import Slot, slot_spans
from followups.scheduling.spans import Span, Spans, common, overlap, without


@dataclass(frozen=True, slots=True)
class Offer:
    """A stretch in which to offer a call, and the choice of slot it comes from; or why the round is not dialled on.

    `choice` is None where no slot was chosen: an appointment, an agreed reconnection, the only time there is.
    """

    span: Span | None = None
    choice: Choice | None = None
    stop: Stop | None = None


def ready_span(situation: Situation, now: datetime, horizon: datetime) -> Span | None:
    """The next [ready_from, ready_until) before `horizon` in which no rule refuses; None when there is none."""
    return next_offer(situation, now, horizon).span


def next_offer(situation: Situation, now: datetime, horizon: datetime) -> Offer:
    """The next stretch before `horizon` in which to call: always one in which no rule refuses.

    An appointment or agreed reconnection comes first, and a missed one as soon as may be. Otherwise a slot is chosen
    and waited for, but only as long as the attempts still left fit into the window; if it does not come by then, the
    best slot that does.
    """
    free = callable_spans(situation, now, horizon)
    if not free:
        return Offer()
    expected = common(free, exempt_spans(situation))
    if expected:
        return Offer(expected[0])
    return Offer(free[0]) if open_appointment(situation) else _in_best_slot(situation, free)


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


def _in_best_slot(situation: Situation, free: Spans) -> Offer:
    """The first free piece of the slot chosen among those that come soon enough."""
    stop = why_stopped(situation)
    if stop is not None:
        return Offer(stop=stop)
    hours, zone_name = situation.calling_hours.hours, situation.zones[0]
    soon = overlap(Span(free[0].starts_at, free[-1].ends_at), _patience(situation, free[0].starts_at))
    pieces: dict[Slot, Span] = {}
    for slot, span in slot_spans(soon, zone_name, hours, situation.rest_days):
        for piece in common(free, (span,)):
            pieces.setdefault(slot, piece)
    choice = chosen(situation, pieces.keys())
    return Offer(pieces[choice.slot], choice) if choice else Offer(free[0])


def _patience(situation: Situation, earliest: datetime) -> Span:
    """How long a better slot may be waited for: the rest of the window shared among the attempts left, a day at
    least. Long lags between attempts do not help, and waiting must not cost an attempt."""
    closes_at = situation.window.closes_at if situation.window else earliest
    made = sum(attempt.in_this_round for attempt in burdens(situation))
    share = (closes_at - earliest) / max(situation.attempt_cap - made, 1)
    return Span(earliest, earliest + max(share, timedelta(days=1)))
