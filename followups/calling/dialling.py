"""Dialling: ordering one dial of one live claim, after the whole rule set has been asked once more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups import facts, gateways, queueing
from followups.models import Attempt, Claim, Dial, FollowUp
from followups.models.attempts import DialState
from followups.models.claims import ClaimEnd
from followups.scheduling.hard_filters import refusals_for
from followups.scheduling.number_rules import usable_numbers
from followups.scheduling.reasons import Refusal
from followups.scheduling.situation import Situation
from followups.scheduling.slots import slot_of
from kernel import zones
from kernel.errors import Conflict

AFTER_INTERVIEW = timedelta(minutes=30)
SHOWN_FOR = timedelta(seconds=60)
ORDER_GOOD_FOR = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Ordered:
    """What came of asking to dial: a dial, or every reason why not. A refusal ends the claim unless a dial was made."""

    dial: Dial | None
    refusals: tuple[Refusal, ...] = ()


def order(*, claim_id: UUID, by: User, now: datetime) -> Ordered:
    """Order the next dial of this claim. Raises `claim_expired` when the lease is over or somebody else's.

    Consent, hours, holds, burden and the numbers are asked at this moment, also of everyone who shares the number.
    """
    with transaction.atomic():
        claim = _live_claim(claim_id, by, now)
        row = FollowUp.objects.select_for_update(of=("self",)).with_facts().get(pk=claim.follow_up_id)
        shown = _still_shown(claim, now)
        situation = facts.situation_of(row, now=now, with_sharers=True)
        found = refusals_for(situation, facts.caller(by, now=now, claim_on=claim.respondent_id), now)
        if shown is not None and not _without_sitting(found):
            return Ordered(shown)
        if found:
            _refuse(claim, row, found, by, now)
            return Ordered(None, found)
        dial = _order(claim, row, situation, by, now)
        return Ordered(dial)


def extension_of(claim: Claim) -> timedelta:
    """How long a claim and the session live on after a dial: the longest interview and half an hour."""
    return timedelta(minutes=claim.follow_up.enrolment.study.longest_interview_minutes) + AFTER_INTERVIEW


def reveals(dial: Dial) -> bool:
    """Whether the enumerator dials this one with their own phone and is to be shown the number."""
    gateway = gateways.in_use()
    return gateway.reveals and dial.gateway == gateway.name


def _live_claim(claim_id: UUID, by: User, now: datetime) -> Claim:
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("respondent", "follow_up__enrolment__study")
        .filter(pk=claim_id, enumerator=by)
        .first()
    )
    if claim is None or not claim.is_live(now):
        raise Conflict(
            "claim_expired",
            _("Your time for this call is over, so it cannot be dialled any more."),
            kept=_("Everything you recorded is kept."),
            next_step=_("Take the next call."),
        )
    return claim


def _still_shown(claim: Claim, now: datetime) -> Dial | None:
    """The dial whose number is still on show: pressing again after a lost connection shows it, and dials no other."""
    return Dial.objects.filter(
        attempt__claim=claim, attempt__recorded_at=None, revealed_at__gt=now - SHOWN_FOR
    ).last()


def _without_sitting(found: tuple[Refusal, ...]) -> tuple[Refusal, ...]:
    """The refusals that are not about this sitting having used its numbers, or about this very dial's burden."""
    own = {"sitting_over", "number_burden"}
    return tuple(one for one in found if one.reason.value not in own)


def _refuse(claim: Claim, row: FollowUp, found: tuple[Refusal, ...], by: User, now: datetime) -> None:
    if not Attempt.objects.filter(claim=claim, recorded_at=None).exists():
        Claim.objects.filter(pk=claim.pk).end(ClaimEnd.NOT_CALLABLE, now)
    queueing.push_on(row, found, now=now)
    _leave_trace(Action.DIAL_REFUSED, claim, by, now, outcome="refused", reason=found[0].reason.value)


def _order(claim: Claim, row: FollowUp, situation: Situation, by: User, now: datetime) -> Dial:
    number = usable_numbers(situation, now)[0]
    attempt, _new = Attempt.objects.get_or_create(
        claim=claim,
        defaults={
            "follow_up": row,
            "respondent": claim.respondent,
            "enumerator": by,
            "number": sum(one.in_this_round for one in situation.attempts) + 1,
            "slot": _slot(situation, now),
            "started_at": now,
        },
    )
    gateway = gateways.in_use()
    dial = Dial.objects.create(
        attempt=attempt,
        contact_point_id=number.id,
        gateway=gateway.name,
        ordered_at=now,
        state=DialState.ORDERED,
    )
    Claim.objects.filter(pk=claim.pk).update(expires_at=now + extension_of(claim))
    _leave_trace(Action.DIAL_ORDERED, claim, by, now, detail={"gateway": gateway.name, "dial": str(dial.pk)})
    return dial


def _slot(situation: Situation, now: datetime) -> str:
    slot = slot_of(zones.local(now, situation.zones[0]), situation.calling_hours.hours, situation.rest_days)
    return slot.code if slot else ""


def _leave_trace(
    action: Action,
    claim: Claim,
    by: User,
    now: datetime,
    *,
    outcome: str = "done",
    reason: str = "",
    detail: dict[str, str] | None = None,
) -> None:
    trail.record(
        action,
        by=by,
        at=now,
        audit_ref=claim.respondent.audit_ref,
        object_type="claim",
        object_id=claim.pk,
        outcome=outcome,
        reason=reason,
        detail=detail,
    )
