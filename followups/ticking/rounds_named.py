"""Calendar studies name their rounds as they go: whoever waits for the next one is planned once it has dates."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from followups import planning
from followups.models import FollowUp, Hold, Plan
from followups.models.restraints import HoldKind
from followups.ticking.batches import BATCH
from kernel.statements import statement
from tracker.models import Enrolment, Round, Study
from tracker.models.respondents import Status
from tracker.models.studies import StudyKind
from tracker.stages import NEVER_CALLED

DAY = timedelta(days=1)


def plan_named(now: datetime) -> int:
    """Plan at most a batch of those who wait for a round; how many."""
    if not _calendar_studies():
        return 0
    waiting = _waiting(now).select_related("study", "respondent").order_by("pk")[:BATCH]
    return sum(planning.plan_next(enrolment=one, now=now) is not None for one in waiting)


@statement
def _calendar_studies() -> QuerySet[Study, Any]:
    return Study.objects.filter(kind=StudyKind.CALENDAR, closed_at=None).order_by().values_list("pk")[:1]


def _waiting(now: datetime) -> QuerySet[Enrolment]:
    owed = FollowUp.objects.filter(enrolment=OuterRef("pk")).unfinished()
    reached = FollowUp.objects.filter(
        enrolment=OuterRef(OuterRef("pk")), round_number__gte=OuterRef("number")
    )
    ahead = Round.objects.filter(study=OuterRef("study"), closes_on__gt=(now + DAY).date())
    reviewed = Hold.objects.standing(now).filter(
        respondent=OuterRef("respondent"), kind__in=[HoldKind.DETENTION, HoldKind.REVIEW], placed_by=None
    )
    followed = Enrolment.objects.filter(
        is_followed=True,
        respondent__status=Status.ACTIVE,
        study__kind=StudyKind.CALENDAR,
        study__closed_at=None,
    ).exclude(respondent__stage__in=[stage.value for stage in NEVER_CALLED])
    return followed.filter(
        ~Exists(owed),
        ~Exists(reviewed),
        Exists(ahead.exclude(Exists(reached))),
        Exists(Plan.objects.filter(study=OuterRef("study"))),
    )
