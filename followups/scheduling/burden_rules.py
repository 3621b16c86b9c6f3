"""The rules about how much a person may be troubled, and what a call-back they asked for is exempt from.

A call-back or an agreed reconnection is exempt from spacing and from the rest an outcome asked for, and a call-back
may be one attempt above the round's cap. It is exempt from nothing else: method 3.2 names spacing alone, so the
daily cap stands too, and `next_look.obstacles_to` says so while the appointment is being made.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from followups.scheduling.situation import Appointment, PastAttempt, Situation
from followups.scheduling.spans import Span, Spans, without
from followups.scheduling.standing_rules import ALWAYS, Block, Blocks, before

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)


class Exemption(StrEnum):
    """What exempts a sitting from spacing; kept with the sitting, where the database asks for it."""

    NO = ""
    ASKED = "asked"
    RECONNECTION = "reconnection"


def over_cap(moments: Iterable[datetime], cap: int, period: timedelta) -> Spans:
    """When one more call would be more than `cap` in some `period`, judging by the moments of earlier ones."""
    if cap <= 0:
        return (ALWAYS,)
    ordered = sorted(moments)
    return tuple(
        Span(last, first + period)
        for first, last in zip(ordered, ordered[cap - 1 :], strict=False)
        if last < first + period
    )


def burdens(s: Situation) -> tuple[PastAttempt, ...]:
    """The attempts that can have troubled the person, oldest first."""
    return tuple(sorted((a for a in s.attempts if a.counts_as_burden), key=lambda attempt: attempt.at))


def open_appointment(s: Situation) -> Appointment | None:
    """The appointment, until an attempt that can have rung was made in or after its time."""
    if s.appointment is None:
        return None
    asked_at, due_from = s.appointment.asked_at, s.appointment.due.starts_at
    is_honoured = any(asked_at < attempt.at and due_from <= attempt.at for attempt in burdens(s))
    return None if is_honoured else s.appointment


def exempt_spans(s: Situation) -> Spans:
    """When the person expects a call: an appointment not yet honoured, a reconnection not yet used."""
    found = []
    if appointment := open_appointment(s):
        found.append(appointment.due)
    return (*found, *_reconnection_spans(s))


def exemption(s: Situation, now: datetime) -> Exemption:
    """Why a sitting begun at this instant needs no rest since the one before."""
    appointment = open_appointment(s)
    if appointment is not None and appointment.due.covers(now):
        return Exemption.ASKED
    is_reconnected = any(span.covers(now) for span in _reconnection_spans(s))
    return Exemption.RECONNECTION if is_reconnected else Exemption.NO


def _reconnection_spans(s: Situation) -> Spans:
    agreed = s.reconnection
    if agreed is None or any(attempt.at > agreed.agreed_at for attempt in burdens(s)):
        return ()
    return (Span(agreed.agreed_at, agreed.until_at),)


def round_cap(s: Situation, within: Span) -> Blocks:
    """The cap of the round, and one more when the last of its attempts produced a call-back."""
    made = [attempt.at for attempt in burdens(s) if attempt.in_this_round]
    appointment = open_appointment(s)
    is_extra = bool(made) and appointment is not None and appointment.asked_at >= made[-1]
    if len(made) >= s.attempt_cap + (1 if is_extra else 0):
        yield Block(ALWAYS)


def week_cap(s: Situation, within: Span) -> Blocks:
    for span in over_cap((attempt.at for attempt in burdens(s)), s.limits.per_week, WEEK):
        yield Block(span)


def day_cap(s: Situation, within: Span) -> Blocks:
    for span in over_cap((attempt.at for attempt in burdens(s)), s.limits.per_day, DAY):
        yield Block(span)


def spacing(s: Situation, within: Span) -> Blocks:
    rest = timedelta(minutes=s.spacing_minutes)
    spaced = (Span(attempt.at, attempt.at + rest) for attempt in burdens(s))
    for span in without(spaced, exempt_spans(s)):
        yield Block(span)


def resting(s: Situation, within: Span) -> Blocks:
    if s.not_before is not None:
        for span in without((before(s.not_before),), exempt_spans(s)):
            yield Block(span)


def waiting_for_appointment(s: Situation, within: Span) -> Blocks:
    appointment = open_appointment(s)
    if appointment is not None:
        for span in without((before(appointment.due.starts_at),), _reconnection_spans(s)):
            yield Block(span)
