"""Unsafe: one tap that ends the call, holds the person and writes nothing that identifies anyone."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups import holding, locking
from followups.models import Attempt, Claim, Hold
from followups.models.claims import ClaimEnd
from followups.models.restraints import HoldKind


def press(*, claim_id: UUID, by: User, now: datetime) -> bool:
    """Hold all calls to the person until a coordinator has looked; True the first time, False when known.

    It may arrive late, when the phone has data again: an ended claim is taken too. Works with the vault locked.
    """
    with transaction.atomic():
        claim = Claim.objects.select_related("respondent").filter(pk=claim_id, enumerator=by).first()
        if claim is None:
            return False
        locking.hold_still(claim.respondent_id)
        Claim.objects.filter(pk=claim.pk).end(ClaimEnd.UNSAFE, now)
        # Aapor 2.90 on the open sitting, if there is one: interrupted for safety, not a refusal.
        is_outcome = Attempt.objects.filter(claim=claim, recorded_at=None).update(
            recorded_at=now, disposition="unsafe", aapor="2.90"
        )
        known = Hold.objects.standing(now).filter(
            respondent=claim.respondent, kind=HoldKind.SAFETY, until=None
        )
        is_new = not known.exists()
        if is_new:
            holding.place(
                respondent=claim.respondent, kind=HoldKind.SAFETY, until=None, review_at=now, by=by, now=now
            )
        if is_new or is_outcome:
            _leave_trace(claim, bool(is_outcome), by, now)
        return is_new


def _leave_trace(claim: Claim, is_outcome: bool, by: User, now: datetime) -> None:
    """Also where the person is held already: a sitting never ends without a trace."""
    trail.record(
        Action.UNSAFE_PRESSED,
        by=by,
        at=now,
        audit_ref=claim.respondent.audit_ref,
        object_type="claim",
        object_id=claim.pk,
        detail={"is_outcome": is_outcome},
    )
