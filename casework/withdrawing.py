"""A respondent withdraws: contact stops at once, and as much is erased as they ask for."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission
from audit import trail
from audit.actions import Action
from audit.models import AuditEvent
from casework import erasing
from casework.receipts import Destroyed, Grade, Receipt
from consent.models import Mode
from followups.stopping import Stopped, stop_contact
from tracker.models import Respondent


def withdraw(
    *,
    respondent: Respondent,
    grade: Grade,
    mode: Mode,
    by: User,
    now: datetime,
    said_at: datetime | None = None,
) -> Receipt:
    """Stop contact, whoever hears it; then erase, if the person asks for that and `by` may erase.

    Asked of somebody who may not erase, the wish is in the trail and on the respondent's page until somebody who may
    has done it. Works with the vault locked, and twice is no error. Contact has stopped even if the erasure fails.
    """
    grade = Grade(grade)
    with transaction.atomic():
        stopped = stop_contact(respondent=respondent, mode=mode, by=by, now=now, said_at=said_at)
        if grade != Grade.STOP:
            _ask_for_erasure(respondent, grade, by, now)
    destroyed = None
    if grade != Grade.STOP and by.may(Permission.ERASE):
        destroyed = erasing.erase(respondent=respondent, grade=grade, by=by, now=now)
    return _receipt(respondent, grade, stopped, destroyed, now)


def grade_asked_for(respondent: Respondent) -> Grade:
    """How far they asked to go the last time they asked to be erased; `STOP` for whoever never did, or is erased."""
    if respondent.audit_ref is None:
        return Grade.STOP
    asked = AuditEvent.objects.filter(action=Action.ERASE_REQUESTED, audit_ref=respondent.audit_ref)
    last = asked.order_by("id").last()
    return Grade(last.detail.get("grade", Grade.STOP)) if last else Grade.STOP


def _ask_for_erasure(respondent: Respondent, grade: Grade, by: User, now: datetime) -> None:
    trail.record(
        Action.ERASE_REQUESTED,
        by=by,
        at=now,
        audit_ref=respondent.audit_ref,
        object_type="respondent",
        detail={"grade": grade.value},
    )


def _receipt(
    respondent: Respondent, grade: Grade, stopped: Stopped, destroyed: Destroyed | None, now: datetime
) -> Receipt:
    return Receipt(
        code=respondent.spoken_code,
        grade=grade,
        at=now,
        follow_ups_closed=stopped.follow_ups_closed,
        appointments_cancelled=stopped.appointments_cancelled,
        requests_closed=stopped.requests_closed,
        destroyed=destroyed,
    )
