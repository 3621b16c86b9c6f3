"""Dialling: ordering one dial of one live claim, after the whole rule set has been asked once more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups import facts, gateways, locking, queueing
from followups.calling import learning
from followups.calling.outer_limits import outer_limits
from followups.models import Attempt, Claim, Dial, FollowUp
from followups.models.attempts import DialState
from followups.models.claims import ClaimEnd
from followups.scheduling.burden_rules import exemption
from followups.scheduling.hard_filters import refusals_for
from followups.scheduling.number_rules import usable_numbers
from followups.scheduling.outcomes import Disposition
from followups.scheduling.reasons import Reason, Refusal
from followups.scheduling.situation import NumberFacts, Situation
from followups.scheduling.slots import slot_of
from kernel import zones
from kernel.errors import Conflict, NotFound
from kernel.statements import Change, change, insert, statement

AFTER_INTERVIEW = timedelta(minutes=30)
SHOWN_FOR = timedelta(seconds=60)
ORDER_GOOD_FOR = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Ordered:
    """What came of asking to dial: a dial, or every reason why not; neither when an old request was sent again.

    A refusal ends the claim unless a number was dialled under it.
    """

    dial: Dial | None
    refusals: tuple[Refusal, ...] = ()


def order(
    *, claim_id: UUID, by: User, now: datetime, after: UUID | None = None, gave: Disposition | None = None
) -> Ordered:
    """Order the next dial of this claim; `after` is the dial the caller has seen last, None before the first, and
    `gave` what came of it, written down for that number.

    A request sent twice gives the same dial again for a minute, and afterwards none: only who has seen the last dial
    goes on to the next number. Consent, hours, holds, burden and the numbers are asked at this moment, also of everyone
    who shares the number. Raises `no_such_call` for somebody else's claim, `claim_expired` when the lease is over,
    `contact_ended` when contact with the person was stopped meanwhile, `contact_burden` where the database
    refuses.
    """
    claim = _claim(claim_id, by)
    with outer_limits(), transaction.atomic():
        locking.hold_still(claim.respondent_id)
        claim = _live(_claim(claim_id, by), now)
        row = claim.follow_up = facts.follow_up(claim.follow_up_id)
        claim.respondent = row.respondent
        last = _last_dial(claim, now)
        if last is not None and last.pk == after and gave is not None:
            learning.learn(last, gave, by=by, now=now)
        situation = facts.situation_of(row, now=now, with_sharers=True)
        if last is not None and last.pk != after:
            return _again(claim, last, situation, by, now)
        found = refusals_for(situation, facts.caller(by, now=now, claim_on=claim.respondent_id), now)
        if found:
            return _refuse(claim, row, found, by, now)
        return Ordered(_order(claim, row, situation, by, now))


def obstacles_to(dial: Dial, situation: Situation, by: User, now: datetime) -> tuple[Refusal, ...]:
    """What stands at `now` against a dial that was ordered already; () when it may still be made."""
    before = facts.without(situation, dial)
    caller = facts.caller(by, now=now, claim_on=situation.respondent_id)
    found = refusals_for(before, caller, now)
    is_usable = dial.contact_point_id in {number.id for number in usable_numbers(before, now)}
    return found if found or is_usable else (Refusal(Reason.NO_DIALABLE_NUMBER),)


def last_dial_of(attempt: Attempt | None) -> Dial | None:
    """The number dialled last in a sitting, None before the first; cancelled orders rang nobody."""
    return _last_of.first(attempt.pk) if attempt else None


@statement
def _last_of(attempt_id: UUID) -> QuerySet[Dial]:
    return Dial.objects.not_cancelled().filter(attempt=attempt_id).order_by("-ordered_at")[:1]


def extension_of(claim: Claim) -> timedelta:
    """How long a claim and the session live on after a dial: the longest interview and half an hour."""
    return timedelta(minutes=claim.follow_up.enrolment.study.longest_interview_minutes) + AFTER_INTERVIEW


def reveals(dial: Dial) -> bool:
    """Whether the enumerator dials this one with their own phone and is to be shown the number."""
    gateway = gateways.in_use()
    return gateway.reveals and dial.gateway == gateway.name


def _claim(claim_id: UUID, by: User) -> Claim:
    claim = _of_caller.first(claim_id, by.pk)
    if claim is None:
        raise NotFound(
            "no_such_call", _("There is no call of yours here."), next_step=_("Take the next call.")
        )
    return claim


@statement
def _of_caller(claim_id: UUID, enumerator_id: UUID) -> QuerySet[Claim]:
    return Claim.objects.filter(pk=claim_id, enumerator=enumerator_id)


def _live(claim: Claim, now: datetime) -> Claim:
    if claim.ended == ClaimEnd.WITHDRAWN:
        raise Conflict(
            "contact_ended",
            _("This person is not to be called any more, so nothing was dialled and no number was opened."),
            next_step=_("Take the next call."),
        )
    if not claim.is_live(now):
        raise Conflict(
            "claim_expired",
            _("Your time for this call is over, so it cannot be dialled any more."),
            kept=_("Everything you recorded is kept."),
            next_step=_("Take the next call."),
        )
    return claim


def _last_dial(claim: Claim, now: datetime) -> Dial | None:
    """The dial made last in the open sitting. An order that nobody placed in time is cancelled here already."""
    dials = _in_sitting(claim.pk)
    too_old = now - ORDER_GOOD_FOR
    if any(one.state == DialState.ORDERED and one.ordered_at <= too_old for one in dials):
        Dial.objects.filter(attempt__claim=claim, attempt__recorded_at=None).ordered_before(too_old).update(
            state=DialState.CANCELLED, counts_as_burden=False
        )
        dials = _in_sitting(claim.pk)
    return dials[-1] if dials else None


@statement
def _in_sitting(claim_id: UUID) -> QuerySet[Dial]:
    """The dials of the open sitting of a claim, in the order they were made; a cancelled one rang nobody."""
    sitting = Dial.objects.filter(attempt__claim=claim_id, attempt__recorded_at=None)
    return sitting.not_cancelled().select_related("attempt").order_by("ordered_at")


def _again(claim: Claim, last: Dial, situation: Situation, by: User, now: datetime) -> Ordered:
    """The same dial once more after a lost connection, while it is fresh and nothing has come between."""
    found = obstacles_to(last, situation, by, now)
    if found:
        _leave_trace(Action.DIAL_REFUSED, claim, by, now, outcome="refused", reason=found[0].reason.value)
        return Ordered(None, found)
    return Ordered(last if now < (last.revealed_at or last.ordered_at) + SHOWN_FOR else None)


def _refuse(claim: Claim, row: FollowUp, found: tuple[Refusal, ...], by: User, now: datetime) -> Ordered:
    is_over = not Attempt.objects.filter(claim=claim, recorded_at=None).exists()
    if is_over:
        Claim.objects.filter(pk=claim.pk).end(ClaimEnd.NOT_CALLABLE, now)
    queueing.push_on(row, found, now=now)
    _leave_trace(
        Action.DIAL_REFUSED,
        claim,
        by,
        now,
        outcome="refused",
        reason=found[0].reason.value,
        detail={"is_over": is_over},
    )
    return Ordered(None, found)


def _order(claim: Claim, row: FollowUp, situation: Situation, by: User, now: datetime) -> Dial:
    number = usable_numbers(situation, now)[0]
    gateway = gateways.in_use()
    dial = Dial(
        attempt=_sitting(claim, row, situation, number, by, now),
        contact_point_id=number.id,
        gateway=gateway.name,
        ordered_at=now,
        state=DialState.ORDERED,
    )
    insert([dial])
    lease_until = now + extension_of(claim)
    _lease_until(claim.pk, lease_until)
    _leave_trace(
        Action.DIAL_ORDERED,
        claim,
        by,
        now,
        detail={
            "gateway": gateway.name,
            "dial": str(dial.pk),
            "attempt": str(dial.attempt_id),
            "lease_until": lease_until.isoformat(),
        },
    )
    return dial


@change
def _lease_until(claim_id: UUID, until: datetime) -> Change:
    return Claim.objects.filter(pk=claim_id), {"expires_at": until}


def _sitting(
    claim: Claim, row: FollowUp, situation: Situation, number: NumberFacts, by: User, now: datetime
) -> Attempt:
    """The open sitting, begun by its first dial. The person is locked, so that nobody begins another meanwhile."""
    begun = _attempt_of.first(claim.pk)
    if begun is not None:
        return begun if last_dial_of(begun) is not None else _begun_again(begun, situation, now)
    attempt = Attempt(
        claim=claim,
        follow_up=row,
        respondent=claim.respondent,
        enumerator=by,
        number=sum(one.in_this_round for one in situation.attempts) + 1,
        slot=_slot(situation, now),
        started_at=now,
        exempt=exemption(situation, now).value,
        to_trusted=number.is_trusted,
    )
    insert([attempt])
    return attempt


def _begun_again(attempt: Attempt, situation: Situation, now: datetime) -> Attempt:
    """Every order before was cancelled and rang nobody: the rest that follows counts from this one."""
    attempt.started_at, attempt.exempt = now, exemption(situation, now).value
    attempt.save(update_fields=["started_at", "exempt"])
    return attempt


@statement
def _attempt_of(claim_id: UUID) -> QuerySet[Attempt]:
    return Attempt.objects.filter(claim=claim_id)


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
    detail: dict[str, object] | None = None,
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
