"""Moving somebody to another stage of their journey: the history grows, and what is owed moves along."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from followups import planning
from tracker import journeys
from tracker.models import Respondent, Transition
from tracker.models.respondents import Status
from tracker.stages import Stage


def move_stage(
    *,
    respondent: Respondent,
    stage: Stage,
    country: str,
    zone: str,
    at: datetime,
    by: User,
    now: datetime,
    is_reported: bool = False,
) -> Transition:
    """Record a move as the person states it and plan from the stage now stated; nobody is called from some stages.

    `is_reported`: somebody else says so, and their clock is not sure until they say so themselves.
    Works with the vault locked. Raises what `tracker.journeys.record` raises.
    """
    with transaction.atomic():
        transition = journeys.record(
            respondent=respondent,
            stage=stage,
            country=country,
            zone=zone,
            at=at,
            by=by,
            now=now,
            is_reported=is_reported,
        )
        if respondent.status == Status.ACTIVE:
            planning.replan(respondent=respondent, now=now)
    return transition
