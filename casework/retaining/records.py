"""Studies closed for years go off the record; old lines of the trail are counted, and never deleted by a job."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from audit.models import AuditEvent
from casework.retaining.slices import Worked, one_by_one
from casework.retaining.terms import STUDY_YEARS, TRAIL_YEARS, YEAR
from kernel.budgets import Keep
from tracker.models import Round, Study
from vault.models import RefusedNumber


def studies_due(now: datetime) -> Any:
    """Studies closed so many years ago of which more than the code is on record."""
    off_at = now - STUDY_YEARS * YEAR
    rounds = Round.objects.filter(study=OuterRef("pk"))
    teams = Study.teams.through.objects.filter(study=OuterRef("pk"))
    something = ~Q(survey_link="") | ~Q(script="") | Exists(rounds) | Exists(teams)
    return Study.objects.filter(something, closed_at__lte=off_at)


def take_off_record(now: datetime, keep: Keep) -> Worked:
    worked = one_by_one(studies_due(now), keep, lambda study: _empty(study, now))
    return worked + Worked(_drop_refusals(now))


def count_studies(now: datetime) -> int:
    """How many studies are due, and refused numbers that outlived the last of them."""
    refusals: int = RefusedNumber.objects.count() if _nothing_is_on_record(now) else 0
    return int(studies_due(now).count()) + refusals


def old_lines(now: datetime) -> int:
    """How many lines of the trail are older than its term: for the data protection officer to know of."""
    return AuditEvent.objects.filter(at__lte=now - TRAIL_YEARS * YEAR).count()


def _empty(study: Study, now: datetime) -> None:
    with transaction.atomic():
        still_closed = Study.objects.filter(pk=study.pk, closed_at__lte=now - STUDY_YEARS * YEAR)
        if still_closed.update(survey_link="", script="", title=study.code):
            Round.objects.filter(study=study).delete()
            study.teams.clear()


def _nothing_is_on_record(now: datetime) -> bool:
    """Whether there were studies, and every one is off the record."""
    on_record = Q(closed_at__isnull=True) | Q(closed_at__gt=now - STUDY_YEARS * YEAR)
    return Study.objects.exists() and not Study.objects.filter(on_record).exists()


def _drop_refusals(now: datetime) -> int:
    return RefusedNumber.objects.all().delete()[0] if _nothing_is_on_record(now) else 0
