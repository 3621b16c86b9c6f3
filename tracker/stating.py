"""What people state about themselves later than at enrolment: the time at which they are best reached."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import trail
from audit.actions import Action
from tracker.best_times import BestTime
from tracker.models import Respondent
from tracker.models.respondents import Status


@transaction.atomic
def state_best_time(*, respondent: Respondent, best: BestTime | None, by: User, now: datetime) -> bool:
    """Keep when they say they are best reached, None when no time is better; False when that was known, or they were
    erased. A wish to be weighed, not a promise: safe times and holds stand above it."""
    stated = best.value if best else ""
    others = (
        Respondent.objects.filter(pk=respondent.pk).exclude(best_slot=stated).exclude(status=Status.ERASED)
    )
    if not others.update(best_slot=stated):
        return False
    respondent.best_slot = stated
    trail.record(
        Action.BEST_TIME_STATED, by=by, at=now, audit_ref=respondent.audit_ref, object_type="respondent"
    )
    return True
