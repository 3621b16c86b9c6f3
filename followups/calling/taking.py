"""One turn at the queue: the rows at its head are asked every rule again, until one of them can be claimed."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups import beginning, facts, queueing
from followups.calling import leases, looking, sweeping
from followups.models import Claim, FollowUp
from followups.models.follow_ups import State
from followups.scheduling.hard_filters import refusals
from followups.scheduling.pair_rules import pair_refusals
from kernel.statements import insert_unless_taken

LEASE = timedelta(minutes=30)
LOOKS = 25
"""How many rows one turn may look at and push on, so that nobody waits long for its transaction."""


class Turn(NamedTuple):
    """What a turn gave; `is_last` when another one would find nothing more."""

    claim: Claim | None
    is_last: bool


def turn(by: User, now: datetime) -> Turn:
    """Take the most urgent row that may be called; a row that is refused is pushed on. In one transaction."""
    seen: list[UUID] = []
    for _look in range(LOOKS):
        row = looking.most_urgent(by, seen, now)
        if row is None:
            # Nobody stands in the queue: those whose time came since the last tick are put into it now.
            return Turn(None, is_last=beginning.begin(now=now) == 0)
        seen.append(row.pk)
        claim, is_crowd = _take(row, by, now)
        if claim or is_crowd:
            return Turn(claim, is_last=claim is not None)
    return Turn(None, is_last=False)


def rest_a_little(row: FollowUp, now: datetime) -> None:
    """Leave the row alone for ten minutes, so that the next claim does not meet it at once."""
    FollowUp.objects.filter(pk=row.pk, state=State.READY).rest_until(now + timedelta(minutes=10))


def _take(row: FollowUp, by: User, now: datetime) -> tuple[Claim | None, bool]:
    """A claim on the row, None when a rule refused it or somebody else was first; whether a crowd was pushed on."""
    situation = facts.situation_of(row, now=now, with_sharers=True)
    found = refusals(situation, now)
    if found:
        queueing.push_on(row, found, now=now)
        return None, sweeping.is_for_good(found) and sweeping.sweep(row, now=now) > 0
    if pair_refusals(situation, facts.caller(by, now=now), now):
        # Only between these two: the row stays where it is, for a colleague.
        return None, False
    return _claim(row, by, now), False


def _claim(row: FollowUp, by: User, now: datetime) -> Claim | None:
    claim = Claim(
        follow_up=row, respondent=row.respondent, enumerator=by, claimed_at=now, expires_at=now + LEASE
    )
    if not insert_unless_taken(claim) and not _instead_of_one_run_out(claim, now):
        # The database holds the promise: in another study somebody took the same person a moment ago.
        rest_a_little(row, now)
        return None
    _leave_trace(claim, by, now)
    return claim


def _instead_of_one_run_out(claim: Claim, now: datetime) -> bool:
    """Where only a lease that is over stands against it: that one is ended, and this one begins."""
    over = Claim.objects.filter(respondent=claim.respondent_id)
    return leases.expire(over, now) > 0 and insert_unless_taken(claim)


def _leave_trace(claim: Claim, by: User, now: datetime) -> None:
    trail.record(
        Action.CLAIMED,
        by=by,
        at=now,
        audit_ref=claim.respondent.audit_ref,
        object_type="claim",
        object_id=claim.pk,
        detail={"follow_up": str(claim.follow_up_id), "lease_until": claim.expires_at.isoformat()},
    )
