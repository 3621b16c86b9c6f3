"""Claiming: an enumerator takes the most urgent call that is theirs to make, and nobody else can."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups import facts, holding, locking, queueing
from followups.calling import leases
from followups.models import Attempt, BarredEnumerator, Claim, FollowUp
from followups.models.claims import ClaimEnd
from followups.models.follow_ups import FollowUps, State
from followups.queue import ready_for_voice
from followups.scheduling.hard_filters import refusals
from followups.scheduling.pair_rules import pair_refusals
from kernel.errors import Conflict
from kernel.statements import insert, statement

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
        locking.stand_in_line(by.pk)
        held = _unended.first(by.pk)
        if held is None:
            return _first_taken(by, now)
        if held.is_live(now):
            return held
    # Ended apart from taking: two callers who each take what the other left would wait for one another.
    leases.expire(Claim.objects.filter(enumerator=by), now)
    with transaction.atomic():
        locking.stand_in_line(by.pk)
        return mine(by=by, now=now) or _first_taken(by, now)


def _first_taken(by: User, now: datetime) -> Claim | None:
    taken = (_take(candidate, by, now) for candidate in _candidates(by, now))
    return next((claim for claim in taken if claim is not None), None)


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
        yield facts.follow_up(best.pk)


def _heads(by: User, language: str, seen: Sequence[UUID], now: datetime) -> list[FollowUp]:
    """The head of the queue in one language: of the caller's own respondents, and of all."""
    caller = (by.pk, by.team_ids, by.language_codes, by.gender, now)
    heads = _head(*caller, language, seen)
    if any(one.respondent.usual_enumerator_id != by.pk for one in heads):
        heads += _head_of_own(*caller, language, seen)
    return heads


def _ready(
    caller: UUID,
    teams: Sequence[UUID],
    languages: Sequence[str],
    gender: str,
    now: datetime,
    language: str,
    seen: Sequence[UUID],
) -> FollowUps:
    ready = ready_for_voice(caller, teams, languages, gender, now).filter(language=language)
    return (
        ready.exclude(pk__in=seen)
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        # No more than the choice needs: to plan many joins takes PostgreSQL longer than to run them.
        .select_related("respondent")
        .only("priority", "closes_at", "respondent__usual_enumerator")
        .most_urgent_first()
    )


@statement
def _head(*asked: Any) -> FollowUps:
    return _ready(*asked)[:1]


@statement
def _head_of_own(caller: UUID, *asked: Any) -> FollowUps:
    return _ready(caller, *asked).filter(respondent__usual_enumerator=caller)[:1]


def _take(row: FollowUp, by: User, now: datetime) -> Claim | None:
    """A claim on the row; None when a rule refused it, or somebody else's claim was first."""
    if _run_out(row.respondent_id, now):
        leases.expire(Claim.objects.filter(respondent=row.respondent), now)
    situation = facts.situation_of(row, now=now, with_sharers=True)
    found = refusals(situation, now)
    if found:
        queueing.push_on(row, found, now=now)
        return None
    if pair_refusals(situation, facts.caller(by, now=now), now):
        # Only between these two: the row stays where it is, for a colleague.
        return None
    return _claim(row, by, now)


@statement
def _run_out(respondent_id: UUID, now: datetime) -> QuerySet[Claim, Any]:
    return Claim.objects.run_out(now).filter(respondent=respondent_id).values_list("pk")


def _claim(row: FollowUp, by: User, now: datetime) -> Claim | None:
    claim = Claim(
        follow_up=row, respondent=row.respondent, enumerator=by, claimed_at=now, expires_at=now + LEASE
    )
    try:
        with transaction.atomic():
            insert([claim])
    except IntegrityError:
        # The database holds the promise: in another study somebody took the same person a moment ago.
        _rest_a_little(row, now)
        return None
    lease = {"follow_up": str(row.pk), "lease_until": claim.expires_at.isoformat()}
    _leave_trace(Action.CLAIMED, claim, by, now, "", lease)
    return claim


def _rest_a_little(row: FollowUp, now: datetime) -> None:
    """Leave the row alone for ten minutes, so that the next claim does not meet it at once."""
    FollowUp.objects.filter(pk=row.pk, state=State.READY).rest_until(now + timedelta(minutes=10))


def _leave_trace(
    action: Action,
    claim: Claim,
    by: User,
    now: datetime,
    reason: str,
    detail: dict[str, str] | None = None,
) -> None:
    trail.record(
        action,
        by=by,
        at=now,
        audit_ref=claim.respondent.audit_ref,
        object_type="claim",
        object_id=claim.pk,
        reason=reason,
        detail=detail,
    )
