"""Claiming: an enumerator takes the most urgent call that is theirs to make, and nobody else can."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups import facts, holding, locking, queueing
from followups.models import Attempt, BarredEnumerator, Claim, FollowUp
from followups.models.claims import ClaimEnd
from followups.models.follow_ups import State
from followups.queue import ready_for
from followups.scheduling.hard_filters import refusals
from followups.scheduling.pair_rules import pair_refusals
from kernel.errors import Conflict

LEASE = timedelta(minutes=30)
LOOKS = 25
"""How many rows one claim may look at and push on before it says that there is nothing; the tick does the rest."""


class HandBack(StrEnum):
    """Why an enumerator gives a call back before dialling."""

    CANNOT_NOW = "cannot_now"
    KNOWS_THEM = "knows_them"


def next_call(*, by: User, now: datetime) -> Claim | None:
    """The caller's live claim, else a new one on the most urgent callable follow-up; None when there is none.

    Every rule is asked again on the row, consent included; a row that is refused is pushed on in the same transaction.
    Raises Locked while the vault is locked, since nobody could be dialled.
    """
    with transaction.atomic():
        # Whoever presses twice stands in line with themselves, and finds the first claim.
        list(User.objects.select_for_update(no_key=True).filter(pk=by.pk).values_list("pk"))
        held = mine(by=by, now=now)
        if held is not None:
            return held
        Claim.objects.run_out(now).filter(enumerator=by).end(ClaimEnd.EXPIRED, now)
        taken = (_take(candidate, by, now) for candidate in _candidates(by, now))
        return next((claim for claim in taken if claim is not None), None)


def mine(*, by: User, now: datetime) -> Claim | None:
    """The live claim of this enumerator, if any."""
    return Claim.objects.live(now).filter(enumerator=by).select_related("respondent", "follow_up").first()


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
            _rest_a_little(claim.follow_up, now)
        _leave_trace(Action.CLAIM_RELEASED, claim, by, now, why.value)


def _candidates(by: User, now: datetime) -> Iterator[FollowUp]:
    """The most urgent ready rows, one look per language at a time; the caller's own respondents first in a class."""
    seen: list[UUID] = []
    for _look in range(LOOKS):
        found = [row for language in by.language_codes for row in _heads(by, language, seen, now)]
        if not found:
            return
        best = min(
            found, key=lambda row: (row.priority, row.respondent.usual_enumerator_id != by.pk, row.closes_at)
        )
        seen.append(best.pk)
        yield best


def _heads(by: User, language: str, seen: Sequence[UUID], now: datetime) -> list[FollowUp]:
    """The head of the queue in one language: of the caller's own respondents, and of all."""
    ready = (
        ready_for(by, now)
        .filter(language=language)
        .exclude(pk__in=seen)
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .with_facts()
        .most_urgent_first()
    )
    own = ready.filter(respondent__usual_enumerator=by)[:1]
    return [*own, *ready[:1]]


def _take(row: FollowUp, by: User, now: datetime) -> Claim | None:
    """A claim on the row; None when a rule refused it, or somebody else's claim was first."""
    Claim.objects.run_out(now).filter(respondent=row.respondent).end(ClaimEnd.EXPIRED, now)
    situation = facts.situation_of(row, now=now, with_sharers=True)
    found = refusals(situation, now)
    if found:
        queueing.push_on(row, found, now=now)
        return None
    if pair_refusals(situation, facts.caller(by, now=now), now):
        # Only between these two: the row stays where it is, for a colleague.
        return None
    return _claim(row, by, now)


def _claim(row: FollowUp, by: User, now: datetime) -> Claim | None:
    claim = Claim(
        follow_up=row, respondent=row.respondent, enumerator=by, claimed_at=now, expires_at=now + LEASE
    )
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError:
        # The database holds the promise: in another study somebody took the same person a moment ago.
        _rest_a_little(row, now)
        return None
    _leave_trace(Action.CLAIMED, claim, by, now, "")
    return claim


def _rest_a_little(row: FollowUp, now: datetime) -> None:
    """Leave the row alone for ten minutes, so that the next claim does not meet it at once."""
    FollowUp.objects.filter(pk=row.pk, state=State.READY).rest_until(now + timedelta(minutes=10))


def _leave_trace(action: Action, claim: Claim, by: User, now: datetime, reason: str) -> None:
    trail.record(
        action,
        by=by,
        at=now,
        audit_ref=claim.respondent.audit_ref,
        object_type="claim",
        object_id=claim.pk,
        reason=reason,
    )
