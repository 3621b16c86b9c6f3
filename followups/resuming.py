"""Letting calls go on after a hold: it is lifted, and what it kept from being planned is planned."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from followups import holding, locking, planning
from followups.models import Hold
from followups.models.restraints import LiftReason


@transaction.atomic
def resume(*, hold: Hold, why: LiftReason, by: User, now: datetime) -> Hold:
    """Lift a hold and plan the interview owed next, so that nobody is left with neither a hold nor a follow-up.

    Raises what `holding.lift` raises, and `stage_forbids` too where the plan of a study calls nobody at their stage.
    """
    locking.hold_still(hold.respondent_id)
    lifted = holding.lift(hold=hold, why=why, by=by, now=now)
    for enrolment in planning.enrolments_of([hold.respondent_id]):
        planning.plan_next(enrolment=enrolment, now=now)
    # Planning has put it back: the lift is undone with the transaction, and the hold keeps its own review.
    if (
        Hold.objects.standing(now)
        .filter(respondent=hold.respondent_id, kind=hold.kind, placed_at=now)
        .exists()
    ):
        raise holding.stage_forbids()
    return lifted
