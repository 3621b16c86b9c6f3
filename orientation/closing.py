"""Ending requests from the respondent's side: taken back, run out, or ended with their part in the study."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from consent import recording
from consent.folding import Decision
from consent.models import Mode
from consent.purposes import Purpose
from consent.recording import Said
from kernel.errors import Conflict
from orientation.handling import EMPTIED
from orientation.models import OrientationRequest
from orientation.vocabulary import EndReason, State
from tracker.models import Respondent

BATCH = 2000
SAID_BY_THE_PERSON = (EndReason.STOPPED, EndReason.WITHDRAWN, EndReason.ERASED)


@transaction.atomic
def revoke(*, request: OrientationRequest, by: User, now: datetime, mode: Mode = Mode.PHONE) -> None:
    """Take a request back on the person's word; the partner's view closes at once. Raises `already_over`.

    What the partner has read already cannot be taken back, and the wording says so. Works with the vault locked.
    """
    changed = (
        OrientationRequest.objects.open()
        .filter(pk=request.pk)
        .update(state=State.REVOKED, ended_at=now, **EMPTIED)
    )
    if not changed:
        raise Conflict(
            "already_over",
            _("This request is over already; the partner can no longer see it."),
            next_step=_("Nothing else is needed."),
        )
    person = request.respondent
    _withdraw(request, person, mode, by, now)
    trail.record(
        Action.ORIENTATION_REVOKED,
        by=by,
        at=now,
        audit_ref=person.audit_ref,
        object_type="orientation_request",
        object_id=request.pk,
    )


@transaction.atomic
def expire_due(*, now: datetime) -> int:
    """End the requests whose time has run out, at most 2,000 at once; how many. For the tick; twice is no error."""
    return sum(
        _expire(row, now)
        for row in OrientationRequest.objects.over_at(now).select_related("respondent")[:BATCH]
    )


@transaction.atomic
def close_all(
    *, respondent: Respondent, reason: EndReason, by: User | None, now: datetime, mode: Mode = Mode.PHONE
) -> int:
    """End every open request of a respondent, and say so in the ledger where they said it; how many there were."""
    mine = list(OrientationRequest.objects.open().filter(respondent=respondent).select_for_update())
    changed = (
        OrientationRequest.objects.open()
        .filter(pk__in=[row.pk for row in mine])
        .update(state=State.WITHDRAWN, end_reason=reason, ended_at=now, **EMPTIED)
    )
    if reason in SAID_BY_THE_PERSON:
        for row in mine:
            _withdraw(row, respondent, mode, by, now)
    if changed:
        _record_all(Action.ORIENTATION_WITHDRAWN, respondent, changed, by, now, reason)
    return changed


@transaction.atomic
def erase(*, respondent: Respondent, by: User | None, now: datetime) -> int:
    """End what is open and empty every request of an erased respondent; how many rows. Twice is no error."""
    close_all(respondent=respondent, reason=EndReason.ERASED, by=by, now=now)
    emptied: int = OrientationRequest.objects.filter(respondent=respondent).update(need="", **EMPTIED)
    if emptied:
        _record_all(Action.ORIENTATION_ERASED, respondent, emptied, by, now, EndReason.ERASED)
    return emptied


def _expire(row: OrientationRequest, now: datetime) -> int:
    changed = (
        OrientationRequest.objects.over_at(now)
        .filter(pk=row.pk)
        .update(state=State.EXPIRED, ended_at=now, **EMPTIED)
    )
    if changed:
        trail.record(
            Action.ORIENTATION_EXPIRED,
            by=None,
            at=now,
            audit_ref=row.respondent.audit_ref,
            object_type="orientation_request",
            object_id=row.pk,
        )
    return changed


def _withdraw(
    row: OrientationRequest, person: Respondent, mode: Mode, by: User | None, now: datetime
) -> None:
    said = Said(Purpose.ORIENTATION, Decision.WITHDRAWN, mode, person.language, now, concerning=row.pk)
    recording.record(respondent_id=person.pk, audit_ref=person.audit_ref, said=said, by=by, now=now)


def _record_all(
    action: Action, respondent: Respondent, count: int, by: User | None, now: datetime, reason: EndReason
) -> None:
    trail.record(
        action,
        by=by,
        at=now,
        audit_ref=respondent.audit_ref,
        object_type="respondent",
        detail={"requests": count, "reason": reason.value},
    )
