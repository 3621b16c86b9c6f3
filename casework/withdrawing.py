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
from followups.models import FollowUp
from followups.models.follow_ups import Ended
from followups.stopping import Stopped, stop_contact
from orientation.models import OrientationRequest
from orientation.vocabulary import EndReason
from tracker.models import Respondent
from vault import rotating


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
    stopped = hear(respondent=respondent, grade=grade, mode=mode, by=by, now=now, said_at=said_at)
    destroyed = None
    if grade != Grade.STOP and by.may(Permission.ERASE):
        destroyed = erasing.erase(respondent=respondent, grade=grade, by=by, now=now)
    return _receipt(respondent, grade, stopped, destroyed, now)


@transaction.atomic
def hear(
    *,
    respondent: Respondent,
    grade: Grade,
    mode: Mode,
    by: User,
    now: datetime,
    said_at: datetime | None = None,
) -> Stopped:
    """Stop contact and write a wish to be erased down, once; the erasing itself is for another step."""
    stopped = stop_contact(respondent=respondent, mode=mode, by=by, now=now, said_at=said_at)
    if grade not in (Grade.STOP, grade_asked_for(respondent)):
        _ask_for_erasure(respondent, grade, by, now)
    return stopped


def grade_asked_for(respondent: Respondent) -> Grade:
    """How far they asked to go the last time they asked to be erased; `STOP` for whoever never did, or is erased."""
    if respondent.audit_ref is None:
        return Grade.STOP
    asked = AuditEvent.objects.filter(action=Action.ERASE_REQUESTED, audit_ref=respondent.audit_ref)
    last = asked.order_by("id").last()
    return Grade(last.detail.get("grade", Grade.STOP)) if last else Grade.STOP


# An erasure waits for a second factor while an earlier step has ended calls and requests: they are counted anew.


def _follow_ups_ended(respondent: Respondent) -> int:
    return int(FollowUp.objects.of(respondent).filter(ended=Ended.WITHDRAWN).count())


def _requests_ended(respondent: Respondent) -> int:
    ended = OrientationRequest.objects.filter(respondent=respondent, end_reason=EndReason.WITHDRAWN)
    return int(ended.count())


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
        follow_ups_closed=stopped.follow_ups_closed if destroyed is None else _follow_ups_ended(respondent),
        appointments_cancelled=stopped.appointments_cancelled,
        requests_closed=stopped.requests_closed if destroyed is None else _requests_ended(respondent),
        destroyed=destroyed,
        final_by=rotating.expected_by(now) if destroyed else None,
    )
