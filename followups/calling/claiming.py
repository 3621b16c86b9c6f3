"""Claiming: an enumerator takes the most urgent call that is theirs to make, and nobody else can."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups import beginning, holding, locking
from followups.calling import leases, taking
from followups.calling.taking import LEASE, Turn
from followups.models import Attempt, BarredEnumerator, Claim
from followups.models.claims import ClaimEnd
from kernel.errors import Conflict
from kernel.statements import statement

__all__ = ["LEASE", "HandBack", "hand_back", "mine", "next_call"]

TURNS = 25
"""How many turns one claim takes before it says that there is nothing; each has pushed on what it met."""


class HandBack(StrEnum):
    """Why an enumerator gives a call back before dialling."""

    CANNOT_NOW = "cannot_now"
    KNOWS_THEM = "knows_them"


def next_call(*, by: User, now: datetime) -> Claim | None:
    """The caller's live claim, else a new one on the most urgent callable follow-up; None when there is none.

    Every rule is asked again on the row, consent included; a row that is refused is pushed on in the same transaction.
    Raises Locked while the vault is locked, since nobody could be dialled.
    """
    if beginning.is_behind(now):
        beginning.begin(now=now)
    for _turn in range(TURNS):
        claim, is_last = _a_turn(by, now)
        if is_last:
            return claim
    return None


def _a_turn(by: User, now: datetime) -> Turn:
    with locking.one_of_this_process(), transaction.atomic():
        # Whoever presses twice stands in line with themselves, and finds the first claim.
        locking.stand_in_line(by.pk)
        held = _unended.first(by.pk)
        if held is None:
            return taking.turn(by, now)
        if held.is_live(now):
            return Turn(held, is_last=True)
    # Ended apart from taking: two callers who each take what the other left would wait for one another.
    leases.expire(Claim.objects.filter(enumerator=by), now)
    return Turn(None, is_last=False)


def mine(*, by: User, now: datetime) -> Claim | None:
    """The live claim of this enumerator, if any."""
    claim = _unended.first(by.pk)
    return claim if claim is not None and claim.is_live(now) else None


@statement
def _unended(enumerator_id: UUID) -> QuerySet[Claim]:
    """The one claim of this enumerator that nobody has ended yet, live or run out."""
    claims = Claim.objects.filter(enumerator=enumerator_id, ended_at=None)
    return claims.select_related("respondent", "follow_up")


def hand_back(*, claim: Claim, why: HandBack, by: User, now: datetime) -> None:
    """Give a call back unmade. Who knows the person is never offered them again. Raises `outcome_owed` after a dial."""
    with transaction.atomic():
        locking.hold_still(claim.respondent_id)
        if Attempt.objects.filter(claim=claim, recorded_at=None).exists():
            raise Conflict(
                "outcome_owed",
                _("You have already dialled, so this call needs an outcome."),
                kept=_("The call is still yours."),
                next_step=_("Choose what happened; “no answer” is an outcome too."),
            )
        if not Claim.objects.filter(pk=claim.pk, enumerator=by).end(ClaimEnd.HANDED_BACK, now):
            return
        if why is HandBack.KNOWS_THEM:
            BarredEnumerator.objects.get_or_create(
                respondent=claim.respondent, enumerator=by, defaults={"at": now, "by": by}
            )
            holding.look_again(claim.respondent, now)
        else:
            taking.rest_a_little(claim.follow_up, now)
        trail.record(
            Action.CLAIM_RELEASED,
            by=by,
            at=now,
            audit_ref=claim.respondent.audit_ref,
            object_type="claim",
            object_id=claim.pk,
            reason=why.value,
        )
