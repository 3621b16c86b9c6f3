"""Canaries: respondents who do not exist. Whoever had to do with one is told of, without a word to them."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from audit import trail
from audit.actions import Action
from audit.models import AuditEvent, AuditEvents, Canary

LOOK_BACK = timedelta(days=7)
"""How far back a pass looks: as long as the worker may stand still without a touch being overlooked."""

NO_TOUCH = (
    Action.CANARY_PLANTED,
    Action.CANARY_TOUCHED,
    Action.TRAIL_READ,
    Action.TRAIL_EXPORTED,
    Action.CONSENT_GRANTED,
    Action.CONSENT_REFUSED,
)
"""What planting leaves, and what following up an alarm leaves."""


class Touch(NamedTuple):
    """Somebody had to do with a canary on a day, in UTC: told once, however often."""

    audit_ref: UUID | None
    actor_id: UUID | None
    on: date


@transaction.atomic
def plant(*, audit_ref: UUID, by: UUID, now: datetime) -> Canary:
    """Remember that this respondent is one; a step of planting, which makes them."""
    return Canary.objects.create(audit_ref=audit_ref, by=by, at=now)


@transaction.atomic
def watch(*, now: datetime) -> int:
    """Tell the trail of every touch of the last week that was not told yet; how many. Safe to repeat.

    Read from the trail afterwards, a minute late at most: a check in every request would cost each of them, and the
    time it took would tell a canary from a person.
    """
    refs = list(Canary.objects.values_list("audit_ref", flat=True))
    events = AuditEvent.objects.filter(audit_ref__in=refs, at__gte=now - LOOK_BACK).order_by("pk")
    told = _touches(events.filter(action=Action.CANARY_TOUCHED)) if refs else {}
    found = _touches(events.exclude(action__in=NO_TOUCH).exclude(actor_id=None)) if refs else {}
    untold = {touch: action for touch, action in found.items() if touch not in told}
    for touch, action in untold.items():
        _tell(touch, action, now)
    return len(untold)


def _touches(events: AuditEvents) -> dict[Touch, str]:
    """The touches among `events`, each with what was done first."""
    found: dict[Touch, str] = {}
    for ref, actor, at, action, detail in events.values_list(
        "audit_ref", "actor_id", "at", "action", "detail"
    ):
        on = detail.get("on") if action == Action.CANARY_TOUCHED else None
        touch = Touch(ref, actor, date.fromisoformat(on) if on else at.astimezone(UTC).date())
        found.setdefault(touch, action)
    return found


def _tell(touch: Touch, action: str, now: datetime) -> None:
    trail.record(
        Action.CANARY_TOUCHED,
        by=touch.actor_id,
        at=now,
        audit_ref=touch.audit_ref,
        detail={"on": touch.on.isoformat(), "action": action},
    )
