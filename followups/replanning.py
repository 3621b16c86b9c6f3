"""Planning again what is planned and not issued yet: by a newer plan, or because a round has other dates."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups import planning, plans
from followups.intending import intended, waves_of
from followups.models import FollowUp, Plan, Replanning, Rule
from followups.models.follow_ups import State
from followups.scheduling.planning import Window
from followups.scheduling.rules import StageRule
from kernel.errors import Conflict
from kernel.statements import Change, change, statement
from tracker.models import Study
from tracker.models.respondents import Status
from tracker.stages import Stage


@dataclass(frozen=True, slots=True)
class Moved:
    """What planning again gave: the follow-ups that have other dates or another rule, and those taken back."""

    moved: tuple[UUID, ...] = ()
    taken_back: tuple[UUID, ...] = ()

    def __add__(self, other: "Moved") -> "Moved":
        return Moved((*self.moved, *other.moved), (*self.taken_back, *other.taken_back))

    def __len__(self) -> int:
        return len(self.moved) + len(self.taken_back)


@transaction.atomic
def apply_plan(*, plan: Plan, by: User, now: datetime) -> Replanning:
    """Let what is planned by earlier versions move to the newest, in the background. What is issued keeps its dates.

    Asking twice changes nothing. Raises `plan_not_newest`, and `study_closed` where nobody is called any more.
    """
    study = Study.objects.select_for_update().get(pk=plan.study_id)
    newest = Plan.objects.current(study)
    if study.closed_at is not None or newest is None or newest.pk != plan.pk:
        raise _too_late(is_closed=study.closed_at is not None)
    work, is_new = Replanning.objects.get_or_create(
        plan=plan, defaults={"study": study, "asked_by": by, "asked_at": now}
    )
    if is_new:
        trail.record(
            Action.PLAN_APPLIED,
            by=by,
            at=now,
            object_type="study",
            object_id=study.pk,
            detail={"version": plan.version},
        )
    return work


@transaction.atomic
def save_and_apply(
    *, study: Study, rules: Iterable[StageRule], replaces: int, by: User, now: datetime
) -> Plan:
    """A new version of a plan, to which what is planned moves too. Raises what both steps raise."""
    plan = plans.save_plan(study=study, rules=rules, replaces=replaces, by=by, now=now)
    apply_plan(plan=plan, by=by, now=now)
    return plan


def plan_again(rows: Sequence[FollowUp], *, keeps_version: bool, now: datetime) -> Moved:
    """Plan these planned follow-ups of one study from what is known now, in a fixed number of queries.

    The rows are locked by the caller, with their facts joined. `keeps_version`: by the rule they were planned by, as
    long as the person is at its stage. Doing it twice changes nothing.
    """
    if not rows:
        return Moved()
    study = rows[0].enrolment.study
    newest, waves = plans.rules_in_force(study), waves_of(rows[0].enrolment)
    past = _by_enrolment(_past([one.enrolment_id for one in rows]))
    moved: list[tuple[Any, ...]] = []
    taken_back: list[UUID] = []
    for row in rows:
        if row.respondent.status != Status.ACTIVE or not row.enrolment.is_followed:
            continue
        row.enrolment.respondent = row.respondent
        rules = _rules_for(row, newest, keeps_version)
        owed = intended(row.enrolment, past[row.enrolment_id], planning.as_stage_rules(rules), waves, now)
        if owed is None or not isinstance(owed.when, Window):
            planning.not_planned(row.respondent, row, owed, now)
            taken_back.append(row.pk)
            continue
        columns = planning.columns_of(row.respondent, owed, owed.when, rules)
        if not planning.says_the_same(row, columns):
            moved.append((row.pk, *columns.values()))
    _move.many(moved)
    return Moved(tuple(one[0] for one in moved), tuple(taken_back))


def _rules_for(row: FollowUp, newest: dict[Stage, Rule], keeps_version: bool) -> dict[Stage, Rule]:
    is_theirs = keeps_version and row.rule.stage == row.respondent.stage
    return newest | {Stage(row.rule.stage): row.rule} if is_theirs else newest


@statement
def _past(enrolments: Collection[UUID]) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(enrolment__in=enrolments).order_by("round_number")


def _by_enrolment(follow_ups: Iterable[FollowUp]) -> dict[UUID, list[FollowUp]]:
    found: dict[UUID, list[FollowUp]] = defaultdict(list)
    for one in follow_ups:
        found[one.enrolment_id].append(one)
    return found


@change
def _move(
    pk: UUID,
    rule_id: UUID,
    round_number: int,
    stage: str,
    opens_at: datetime,
    due_at: datetime,
    closes_at: datetime,
    team_id: UUID,
    language: str,
    caller_gender: str,
) -> Change:
    return FollowUp.objects.filter(pk=pk, state=State.PLANNED), {
        "rule_id": rule_id,
        "round_number": round_number,
        "stage": stage,
        "opens_at": opens_at,
        "due_at": due_at,
        "closes_at": closes_at,
        "team_id": team_id,
        "language": language,
        "caller_gender": caller_gender,
    }


def _too_late(*, is_closed: bool) -> Conflict:
    if is_closed:
        return Conflict("study_closed", _("This study is closed."), kept=_("Nothing was moved."))
    return Conflict(
        "plan_not_newest",
        _("Somebody saved a newer version of this plan meanwhile."),
        kept=_("Nothing was moved."),
        next_step=_("Open the plan again, and decide by the newest version."),
    )
