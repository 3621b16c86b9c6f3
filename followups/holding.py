"""Holds: placing, lifting, and keeping one while a stage lasts."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups.models import FollowUp, Hold
from followups.models.restraints import HoldKind, LiftReason
from kernel.errors import Conflict, Forbidden
from tracker.models import Respondent
from tracker.stages import NEVER_CALLED, Stage


def place(
    *,
    respondent: Respondent,
    kind: HoldKind,
    until: datetime | None,
    review_at: datetime | None,
    by: User | None,
    now: datetime,
) -> Hold:
    """Hold calls until a moment, or until somebody lifts the hold (`until` None). Works with the vault locked."""
    with transaction.atomic():
        hold = Hold.objects.create(
            respondent=respondent, kind=kind, placed_at=now, until=until, review_at=review_at, placed_by=by
        )
        look_again(respondent, now)
        _leave_trace(Action.HOLD_PLACED, hold, by, now)
        return hold


def ensure(*, respondent: Respondent, kind: HoldKind, review_at: datetime, now: datetime) -> Hold:
    """The hold that stands while a stage lasts at which nobody is called; a second call moves only its review."""
    standing = Hold.objects.standing(now).filter(respondent=respondent, kind=kind, until=None).first()
    if standing is None:
        return place(respondent=respondent, kind=kind, until=None, review_at=review_at, by=None, now=now)
    Hold.objects.filter(pk=standing.pk).update(review_at=review_at)
    return standing


def lift(*, hold: Hold, why: LiftReason, by: User, now: datetime) -> Hold:
    """Let calls go on. Raises `stage_forbids` where the stage allows no calls, `second_look` for whoever asked for
    somebody else's look, `already_lifted` the second time."""
    with transaction.atomic():
        if not stage_allows_lifting(hold):
            raise stage_forbids()
        if hold.kind == HoldKind.REVIEW and hold.placed_by_id == by.pk:
            raise _second_look()
        if not Hold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=now, lifted_by=by):
            raise Conflict("already_lifted", _("Somebody has lifted this hold already."))
        look_again(hold.respondent, now)
        _leave_trace(Action.HOLD_LIFTED, hold, by, now, why.value)
    hold.refresh_from_db()
    return hold


def stage_allows_lifting(hold: Hold) -> bool:
    """Whether a hold may go while its person stays at this stage: a pause they asked for, or one with an end, may."""
    is_lasting = hold.until is None and hold.kind != HoldKind.PAUSE
    return not (is_lasting and Stage(hold.respondent.stage) in NEVER_CALLED)


def stage_forbids() -> Forbidden:
    return Forbidden(
        "stage_forbids",
        _("Nobody is called at this stage of the journey, so the hold stays."),
        kept=_("The hold and its review date are kept."),
        next_step=_("Record the new stage first, once you know it."),
    )


def _second_look() -> Forbidden:
    return Forbidden(
        "second_look",
        _("You asked for this to be looked at, so somebody else lifts it."),
        kept=_("The hold is kept."),
        next_step=_("Ask another coordinator to look at this page."),
    )


def end_of_stage(*, respondent: Respondent, now: datetime) -> int:
    """Lift what stood only because of the stage before; how many. Safety holds, pauses and a caller's own stay."""
    stood = Hold.objects.standing(now).filter(
        respondent=respondent, kind__in=[HoldKind.DETENTION, HoldKind.REVIEW], placed_by=None
    )
    lifted = list(stood)
    stood.update(lifted_at=now)
    for hold in lifted:
        _leave_trace(Action.HOLD_LIFTED, hold, None, now)
    return len(lifted)


def look_again(respondent: Respondent, now: datetime) -> int:
    """Have the tick look again at everything owed to the respondent, and nothing be taken from the queue before."""
    return FollowUp.objects.of(respondent).live().rest_until(now)


def _leave_trace(action: Action, hold: Hold, by: User | None, now: datetime, reason: str = "") -> None:
    trail.record(
        action,
        by=by,
        at=now,
        audit_ref=hold.respondent.audit_ref,
        object_type="hold",
        object_id=hold.pk,
        reason=reason,
        detail={"kind": str(hold.kind)} | ({"until": hold.until.isoformat()} if hold.until else {}),
    )
