"""Releasing: a coordinator ends a claim that somebody else holds, so that another caller can take the person."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups import locking
from followups.models import Attempt, Claim
from followups.models.claims import ClaimEnd
from kernel.errors import Conflict


class ReleaseReason(models.TextChoices):
    """A closed list, so that nobody writes a story."""

    AWAY = "away", gettext_lazy("the caller is away from their phone")
    ANOTHER_CALLER = "another_caller", gettext_lazy("somebody else makes this call")
    MISTAKE = "mistake", gettext_lazy("it was taken by mistake")


@transaction.atomic
def release(*, claim: Claim, why: ReleaseReason, by: User, now: datetime) -> None:
    """End a live claim under which nothing was dialled. Raises `call_under_way`, `claim_over`."""
    locking.hold_still(claim.respondent_id)
    if Attempt.objects.filter(claim=claim, recorded_at=None).exists():
        raise Conflict(
            "call_under_way",
            _("This caller has dialled already, so the call is theirs until they record what happened."),
            kept=_("The call was left as it is."),
            next_step=_("Ask them for the outcome. The claim ends by itself when its time is over."),
        )
    if not Claim.objects.filter(pk=claim.pk).live(now).end(ClaimEnd.RELEASED, now):
        raise Conflict(
            "claim_over",
            _("This call is over already."),
            next_step=_("Look at the list again."),
        )
    trail.record(
        Action.CLAIM_RELEASED,
        by=by,
        at=now,
        audit_ref=claim.respondent.audit_ref,
        object_type="claim",
        object_id=claim.pk,
        reason=why.value,
        detail={"caller": str(claim.enumerator_id), "follow_up": str(claim.follow_up_id)},
    )
