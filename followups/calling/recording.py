"""Recording what came of a call: once, whenever it arrives."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups import locking
from followups.calling import checking, consequences, learning
from followups.calling.dialling import last_dial_of
from followups.calling.heard import Heard
from followups.dispositions import disposition
from followups.models import Attempt, Claim, FollowUp
from followups.models.claims import ClaimEnd
from kernel.errors import NotFound
from kernel.statements import Change, change, statement

OUTCOME = ("recorded_at", "disposition", "aapor", "was_reached", "is_late", "counts_as_burden")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording led to: whether the lease was over, whether it had been recorded before, and what is owed next."""

    attempt: Attempt
    is_late: bool
    was_known: bool
    next_follow_up: FollowUp | None


def record(*, attempt_id: UUID, heard: Heard, by: User, now: datetime) -> Recorded:
    """Take the outcome of a sitting. The same outcome sent twice is taken once; one that is late is kept as late.

    Raises `no_such_call` for somebody else's sitting, and what `checking.check` raises, before anything is written.
    """
    with transaction.atomic():
        locking.hold_still(_person_of(attempt_id, by))
        attempt = _mine(attempt_id, by)
        if attempt.recorded_at is not None:
            return Recorded(attempt, attempt.is_late, True, _owed(attempt))
        checking.check(attempt, heard, now)
        is_late = not attempt.claim.is_live(now)
        _write(attempt, heard, is_late, by, now)
        is_done = consequences.follow(attempt, heard, by, now)
        _leave_trace(attempt, heard, is_late, is_done, by, now)
        return Recorded(attempt, is_late, False, _owed(attempt))


def _mine(attempt_id: UUID, by: User) -> Attempt:
    attempt = _joined.first(attempt_id, by.pk)
    if attempt is None:
        raise _no_such_call()
    return attempt


def _person_of(attempt_id: UUID, by: User) -> UUID:
    person = _person.first(attempt_id, by.pk)
    if person is None:
        raise _no_such_call()
    return person


@statement
def _person(attempt_id: UUID, enumerator_id: UUID) -> QuerySet[Attempt, UUID]:
    mine = Attempt.objects.filter(pk=attempt_id, enumerator=enumerator_id)
    return mine.values_list("respondent", flat=True)


@statement
def _joined(attempt_id: UUID, enumerator_id: UUID) -> QuerySet[Attempt]:
    attempts = Attempt.objects.select_related(
        "claim", "respondent", "follow_up__rule", "follow_up__enrolment__study"
    )
    return attempts.filter(pk=attempt_id, enumerator=enumerator_id)


def _no_such_call() -> NotFound:
    return NotFound(
        "no_such_call",
        _("There is no call of yours to record this for."),
        next_step=_("Go to your first page and take the next call."),
    )


def _write(attempt: Attempt, heard: Heard, is_late: bool, by: User, now: datetime) -> None:
    outcome = disposition(heard.disposition)
    last = last_dial_of(attempt)
    if last is not None:
        learning.learn(last, outcome, by=by, now=now)
    attempt.recorded_at, attempt.disposition, attempt.aapor = now, outcome.code, outcome.aapor
    attempt.was_reached, attempt.is_late = outcome.is_reached, is_late
    # The outcome is about the number dialled last; an earlier one may have rung all the same.
    attempt.counts_as_burden = outcome.counts_as_burden or attempt.dials.that_may_have_rung().exists()
    attempt.save(update_fields=OUTCOME)
    _end_claim(attempt.claim_id, now)


@change
def _end_claim(claim_id: UUID, now: datetime) -> Change:
    claim = Claim.objects.filter(pk=claim_id, ended_at=None)
    return claim, {"ended_at": now, "ended": ClaimEnd.OUTCOME}


def _owed(attempt: Attempt) -> FollowUp | None:
    return _owed_in.first(attempt.follow_up.enrolment_id)


@statement
def _owed_in(enrolment_id: UUID) -> QuerySet[FollowUp]:
    owed: QuerySet[FollowUp] = FollowUp.objects.filter(enrolment=enrolment_id).unfinished()
    return owed.order_by("round_number")[:1]


def _leave_trace(
    attempt: Attempt, heard: Heard, is_late: bool, is_done: bool, by: User, now: datetime
) -> None:
    trail.record(
        Action.LATE_OUTCOME_KEPT if is_late else Action.OUTCOME_RECORDED,
        by=by,
        at=now,
        audit_ref=attempt.respondent.audit_ref,
        object_type="attempt",
        object_id=attempt.pk,
        detail={
            "disposition": heard.disposition,
            "round": attempt.follow_up.round_number,
            "claim": str(attempt.claim_id),
            "follow_up": str(attempt.follow_up_id),
            "is_done": is_done,
            "bars_caller": heard.bars_caller,
        },
    )
