"""Calendar studies name their rounds as they go: whoever waits for the next one is planned once it has dates."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from followups import planning
from followups.models import FollowUp, Hold, Plan
from followups.models.follow_ups import Ended
from followups.models.restraints import HoldKind
from followups.ticking.batches import BATCH, each
from kernel.budgets import Keep
from kernel.statements import statement
from tracker.models import Enrolment, Round, Study
from tracker.models.respondents import Status
from tracker.models.studies import StudyKind
from tracker.stages import NEVER_CALLED

DAY = timedelta(days=1)


def plan_named(now: datetime, keep: Keep) -> int:
    """Plan those who wait for a round; how many. One who cannot be planned is logged and keeps nobody else waiting."""
    planned, after = 0, UUID(int=0)
    while keep() and _calendar_studies():
        waiting = _waiting(now).filter(pk__gt=after).select_related("study", "respondent").order_by("pk")
        with transaction.atomic():
            # Another tick may be planning the same people at this moment: they are left to it.
            mine = list(waiting.select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH])
            planned += each(mine, lambda one: planning.plan_next(enrolment=one, now=now) is not None)
        if len(mine) < BATCH:
            break
        after = mine[-1].pk
    return planned


@statement
def _calendar_studies() -> QuerySet[Study, Any]:
    return Study.objects.filter(kind=StudyKind.CALENDAR, closed_at=None).order_by().values_list("pk")[:1]


def _waiting(now: datetime) -> QuerySet[Enrolment]:
    mine = FollowUp.objects.filter(enrolment=OuterRef("pk"))
    owed, lost = mine.unfinished(), mine.filter(ended=Ended.NOT_FOUND)
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
        ~Exists(lost),
        ~Exists(reviewed),
        Exists(ahead.exclude(Exists(reached))),
        Exists(Plan.objects.filter(study=OuterRef("study"))),
    )
