"""What a focal point does with a request: acknowledge, act, close, decline."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from kernel.errors import Conflict
from orientation import letters
from orientation.models import OrientationRequest
from orientation.vocabulary import DeclineReason, Outcome, State

EMPTIED: dict[str, Any] = {
    "note": None,
    "contact_point": None,
    "language": "",
    "country": "",
    "preferred_time": "",
}
"""What goes when a request ends, however it ends: nobody may read it any more, so nobody keeps it."""


@transaction.atomic
def acknowledge(*, request_id: UUID, by: User, now: datetime) -> None:
    """Say that the request was received. Raises NotFound when it may not be seen, `already_moved` when it was done."""
    found = letters.find(request_id=request_id, by=by, now=now)
    changed = OrientationRequest.objects.filter(pk=found.pk, state=State.REQUESTED).update(
        state=State.ACKNOWLEDGED, acknowledged_at=now, handled_by=by
    )
    _finish(found, changed, Action.ORIENTATION_ACKNOWLEDGED, by, now)


@transaction.atomic
def act(*, request_id: UUID, by: User, now: datetime) -> None:
    """Say that something was done for the person; follows the receipt."""
    found = letters.find(request_id=request_id, by=by, now=now)
    changed = OrientationRequest.objects.filter(pk=found.pk, state=State.ACKNOWLEDGED).update(
        state=State.ACTED, acted_at=now, handled_by=by
    )
    _finish(found, changed, Action.ORIENTATION_ACTED, by, now)


@transaction.atomic
def close(*, request_id: UUID, outcome: Outcome, by: User, now: datetime) -> None:
    """End a received request with one of the listed outcomes; the partner's view closes and what was shared goes."""
    found = letters.find(request_id=request_id, by=by, now=now)
    changed = OrientationRequest.objects.filter(
        pk=found.pk, state__in=(State.ACKNOWLEDGED, State.ACTED)
    ).update(state=State.CLOSED, outcome=outcome, ended_at=now, handled_by=by, **EMPTIED)
    _finish(found, changed, Action.ORIENTATION_CLOSED, by, now, outcome=outcome.value)


@transaction.atomic
def decline(*, request_id: UUID, reason: DeclineReason, by: User, now: datetime) -> None:
    """Say that the partner cannot help, before having acted; the view closes and what was shared goes."""
    found = letters.find(request_id=request_id, by=by, now=now)
    changed = OrientationRequest.objects.filter(
        pk=found.pk, state__in=(State.REQUESTED, State.ACKNOWLEDGED)
    ).update(state=State.DECLINED, decline_reason=reason, ended_at=now, handled_by=by, **EMPTIED)
    _finish(found, changed, Action.ORIENTATION_DECLINED, by, now, reason=reason.value)


def _finish(
    found: OrientationRequest, changed: int, action: Action, by: User, now: datetime, **detail: str
) -> None:
    if not changed:
        raise Conflict(
            "already_moved",
            _("This request is no longer where it was when you opened the page."),
            kept=_("What was recorded before stands."),
            next_step=_("Open the request again and look at what is next."),
        )
    trail.record(
        action,
        by=by,
        at=now,
        audit_ref=found.respondent.audit_ref,
        object_type="orientation_request",
        object_id=found.pk,
        detail=dict(detail),
    )
