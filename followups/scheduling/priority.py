"""The ten classes of the queue: CLSA Sabretooth's order, adapted (method 3.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from followups.scheduling.situation import Appointment, AppointmentKind

CLOSING_SOON = timedelta(days=7)
FEW_ATTEMPTS = 3


class PriorityClass(IntEnum):
    """The lower, the sooner."""

    FIRM_APPOINTMENT_DUE = 1
    MISSED_APPOINTMENT = 2
    PARTIAL_TO_RESUME = 3
    REACHED_BEFORE = 4
    BUSY = 5
    OTHER_PERSON_ANSWERED = 6
    NO_ANSWER = 7
    NOT_YET_TRIED = 8
    SWITCHED_OFF = 9
    TRACING = 10


@dataclass(frozen=True, slots=True)
class Urgency:
    """What the class is read from. `last` is the class the disposition of this round's last attempt asks for,
    None before the first; `appointment` is None once it was honoured (`burden_rules.open_appointment`)."""

    appointment: Appointment | None
    last: PriorityClass | None
    is_tracing: bool
    attempts_in_round: int
    closes_at: datetime


def priority_of(urgency: Urgency, now: datetime) -> PriorityClass:
    """The class at this instant; a window that closes within 7 days after fewer than 3 attempts moves up one.

    Nothing moves up into the first class: that one is for people who were promised this very moment.
    """
    own = _own_class(urgency, now)
    is_closing = now <= urgency.closes_at <= now + CLOSING_SOON
    if is_closing and urgency.attempts_in_round < FEW_ATTEMPTS and own > PriorityClass.MISSED_APPOINTMENT:
        return PriorityClass(own - 1)
    return own


def _own_class(urgency: Urgency, now: datetime) -> PriorityClass:
    appointment = urgency.appointment
    if appointment and appointment.due.ends_at <= now:
        return PriorityClass.MISSED_APPOINTMENT
    if appointment and appointment.due.covers(now):
        is_firm = appointment.kind is AppointmentKind.FIRM
        return PriorityClass.FIRM_APPOINTMENT_DUE if is_firm else _soft_class(urgency)
    if urgency.is_tracing:
        return PriorityClass.TRACING
    return urgency.last or PriorityClass.NOT_YET_TRIED


def _soft_class(urgency: Urgency) -> PriorityClass:
    """A soft call-back whose period has come counts as "reached before", unless a partial waits to be resumed."""
    return min(urgency.last or PriorityClass.REACHED_BEFORE, PriorityClass.REACHED_BEFORE)
