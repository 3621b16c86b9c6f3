"""Recording what came of a call: once, whenever it arrives."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
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
        locking.hold_still(_mine(attempt_id, by).respondent_id)
        attempt = _mine(attempt_id, by)
        if attempt.recorded_at is not None:
            return Recorded(attempt, attempt.is_late, True, _owed(attempt))
        checking.check(attempt, heard, now)
        is_late = not attempt.claim.is_live(now)
        _write(attempt, heard, is_late, by, now)
        consequences.follow(attempt, heard, by, now)
        _leave_trace(attempt, heard, is_late, by, now)
        return Recorded(attempt, is_late, False, _owed(attempt))


def _mine(attempt_id: UUID, by: User) -> Attempt:
    attempt = (
        Attempt.objects.select_related(
            "claim", "respondent", "follow_up__rule", "follow_up__enrolment__study"
        )
        .filter(pk=attempt_id, enumerator=by)
        .first()
    )
    if attempt is None:
        raise NotFound(
            "no_such_call",
            _("There is no call of yours to record this for."),
            next_step=_("Go to your first page and take the next call."),
        )
    return attempt


def _write(attempt: Attempt, heard: Heard, is_late: bool, by: User, now: datetime) -> None:
    outcome = disposition(heard.disposition)
    last = last_dial_of(attempt)
    if last is not None:
        learning.learn(last, outcome, by=by, now=now)
    attempt.recorded_at, attempt.disposition, attempt.aapor = now, outcome.code, outcome.aapor
    attempt.was_reached, attempt.is_late = outcome.is_reached, is_late
    # The outcome is about the number dialled last; an earlier one may have rung all the same.
    attempt.counts_as_burden = outcome.counts_as_burden or attempt.dials.that_may_have_rung().exists()
    attempt.save(
        update_fields=["recorded_at", "disposition", "aapor", "was_reached", "is_late", "counts_as_burden"]
    )
    Claim.objects.filter(pk=attempt.claim_id).end(ClaimEnd.OUTCOME, now)


def _owed(attempt: Attempt) -> FollowUp | None:
    return (
        FollowUp.objects.filter(enrolment_id=attempt.follow_up.enrolment_id)
        .unfinished()
        .order_by("round_number")
        .first()
    )


def _leave_trace(attempt: Attempt, heard: Heard, is_late: bool, by: User, now: datetime) -> None:
    trail.record(
        Action.LATE_OUTCOME_KEPT if is_late else Action.OUTCOME_RECORDED,
        by=by,
        at=now,
        audit_ref=attempt.respondent.audit_ref,
        object_type="attempt",
        object_id=attempt.pk,
        detail={"disposition": heard.disposition, "round": attempt.follow_up.round_number},
    )
