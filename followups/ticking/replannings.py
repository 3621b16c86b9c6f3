"""Works through what is planned, slice by slice, where a plan or the dates of a round have changed."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from audit import trail
from audit.actions import Action
from followups.models import FollowUp, Replanning, Rule
from followups.replanning import Moved, plan_again
from followups.ticking.batches import BATCH
from kernel.budgets import Keep
from kernel.statements import statement
from tracker.models import Round
from tracker.models.studies import StudyKind

log = logging.getLogger(__name__)


def move_planned(now: datetime, keep: Keep) -> int:
    """Plan again what is planned by an older version or other dates; how many follow-ups moved or were taken back."""
    _note_rounds(now)
    moved = 0
    for pk in _under_way():
        while keep() and (step := _slice(pk, now)) is not None:
            moved += step
    return moved


@statement
def _under_way() -> QuerySet[Replanning, UUID]:
    return Replanning.objects.under_way().values_list("pk", flat=True)


def _note_rounds(now: datetime) -> None:
    """Take up every round whose dates are not those by which people were planned."""
    for wave in _redated():
        Replanning.objects.update_or_create(
            round=wave,
            defaults={
                "study_id": wave.study_id,
                "opens_on": wave.opens_on,
                "closes_on": wave.closes_on,
                "asked_at": now,
                "at_rule": None,
                "at_row": None,
                "ended_at": None,
            },
        )


@statement
def _redated() -> QuerySet[Round]:
    noted = Replanning.objects.filter(
        round=OuterRef("pk"), opens_on=OuterRef("opens_on"), closes_on=OuterRef("closes_on")
    )
    waves = Round.objects.filter(study__kind=StudyKind.CALENDAR, study__closed_at=None, frozen_at=None)
    return waves.filter(~Exists(noted))


def _slice(pk: UUID, now: datetime) -> int | None:
    """One slice in one transaction, its cursor with it; None when there is nothing left, or another tick is at it."""
    with transaction.atomic():
        work = _locked(Replanning.objects.under_way().filter(pk=pk)).first()
        if work is None:
            return None
        rows = _next_rows(work)
        if not rows:
            Replanning.objects.filter(pk=pk).update(ended_at=now)
            return None
        moved = _carefully(rows, keeps_version=work.plan_id is None, now=now)
        _leave_trace(work, moved, now)
        Replanning.objects.filter(pk=pk).update(
            at_rule=rows[-1].rule_id,
            at_row=rows[-1].pk,
            looked_at=F("looked_at") + len(rows),
            moved=F("moved") + len(moved),
        )
        return len(moved)


def _next_rows(work: Replanning) -> list[FollowUp]:
    """The next planned follow-ups after the cursor, locked, then read: what they are planned from may just have
    changed."""
    rules = Rule.objects.filter(plan__study=work.study_id).order_by("pk")
    if work.plan is not None:
        rules = rules.filter(plan__version__lt=work.plan.version)
    for rule_id in rules.values_list("pk", flat=True):
        if work.at_rule is not None and rule_id < work.at_rule:
            continue
        planned = FollowUp.objects.owed_by([rule_id]).planned().order_by("pk")
        if rule_id == work.at_rule:
            planned = planned.filter(pk__gt=work.at_row)
        pks = list(_locked(planned, waits=True).values_list("pk", flat=True)[:BATCH])
        if pks:
            return list(FollowUp.objects.with_facts().filter(pk__in=pks).order_by("pk"))
    return []


def _locked(rows: Any, *, waits: bool = False) -> Any:
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=not waits, of=("self",), no_key=True)
    return rows


def _carefully(rows: Sequence[FollowUp], *, keeps_version: bool, now: datetime) -> Moved:
    """All rows at once; where that fails, one by one, and one that fails keeps its dates, is logged and counted."""
    try:
        with transaction.atomic():
            return plan_again(rows, keeps_version=keeps_version, now=now)
    except OperationalError:
        raise
    except Exception:
        log.exception("planning a slice again failed and is done row by row")
    moved = Moved()
    for row in rows:
        try:
            with transaction.atomic():
                moved += plan_again([row], keeps_version=keeps_version, now=now)
        except Exception:
            log.exception("follow-up %s could not be planned again and keeps its dates", row.pk)
    return moved


def _leave_trace(work: Replanning, moved: Moved, now: datetime) -> None:
    if not moved:
        return
    trail.record(
        Action.PLAN_APPLIED if work.plan_id else Action.ROUND_CHANGED,
        by=None,
        at=now,
        object_type="study",
        object_id=work.study_id,
        detail={
            "moved": len(moved.moved),
            "taken_back": len(moved.taken_back),
            "which": [str(pk) for pk in (*moved.moved, *moved.taken_back)],
        },
    )
