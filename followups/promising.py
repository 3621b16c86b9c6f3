"""Promising a call-back: the one open appointment of a follow-up, and whether the rules let it be kept."""

from dataclasses import replace
from datetime import datetime, timedelta

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups import facts
from followups.calling.heard import CallBack
from followups.models import Appointment, FollowUp
from followups.models.restraints import AppointmentState
from followups.scheduling import situation as facts_of_one
from followups.scheduling.hard_filters import refusals
from followups.scheduling.reasons import Refusal
from followups.scheduling.situation import AppointmentKind

QUARTER = timedelta(minutes=15)


def firm(at: datetime) -> CallBack:
    """A call-back at a time; a quarter of an hour is what it lasts on paper."""
    return CallBack(AppointmentKind.FIRM, at, at + QUARTER)


def obstacles_to(follow_up: FollowUp, call_back: CallBack, now: datetime) -> tuple[Refusal, ...]:
    """What would stop the call at that time, for somebody who came to us: no sitting is in progress."""
    situation = facts.situation_of(facts.follow_up(follow_up.pk), now=now)
    wanted = facts_of_one.Appointment(call_back.kind, call_back.starts_at, call_back.until, now)
    asked = replace(situation, appointment=wanted, reconnection=None, claim=None, not_before=None)
    return refusals(asked, max(call_back.starts_at, now))


def promise(*, follow_up: FollowUp, call_back: CallBack, by: User, now: datetime) -> Appointment:
    """Write the appointment down; one that was open before falls away with the new word. A step of other use cases."""
    Appointment.objects.open().filter(follow_up=follow_up).update(state=AppointmentState.CANCELLED)
    made = Appointment.objects.create(
        follow_up=follow_up,
        respondent_id=follow_up.respondent_id,
        kind=call_back.kind.value,
        starts_at=call_back.starts_at,
        until=call_back.until,
        made_at=now,
        made_by=by,
    )
    trail.record(
        Action.APPOINTMENT_MADE,
        by=by,
        at=now,
        audit_ref=follow_up.respondent.audit_ref,
        object_type="appointment",
        object_id=made.pk,
        detail={
            "kind": made.kind,
            "follow_up": str(made.follow_up_id),
            "due_from": made.starts_at.isoformat(),
            "due_until": made.until.isoformat(),
        },
    )
    return made
