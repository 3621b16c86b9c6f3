"""The plan of a study: made once with the method's defaults, then changed by new versions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups.models import Plan, Rule
from followups.scheduling.rules import DEFAULT_RULES, StageRule
from kernel.errors import Conflict, DomainError
from kernel.statements import statement
from tracker.models import Study
from tracker.stages import Stage


@transaction.atomic
def make_plan(
    *, study: Study, by: User, now: datetime, rules: Iterable[StageRule] = tuple(DEFAULT_RULES.values())
) -> Plan:
    """The first plan of a study, the method's defaults unless told otherwise. Raises `plan_changed_meanwhile`."""
    return save_plan(study=study, rules=rules, replaces=0, by=by, now=now)


@transaction.atomic
def save_plan(*, study: Study, rules: Iterable[StageRule], replaces: int, by: User, now: datetime) -> Plan:
    """A new version of a study's plan; what is owed already keeps its dates. `replaces` is the version it was made
    from, 0 for none.

    Raises `plan_changed_meanwhile` when that is no longer the newest, `plan_incomplete` when a stage has no rule.
    """
    complete = {rule.stage: rule for rule in rules}
    if complete.keys() != set(Stage):
        raise DomainError(
            "plan_incomplete",
            _("A plan has one rule for each stage."),
            kept=_("The plan is as it was."),
            next_step=_("Fill in every stage."),
        )
    Study.objects.select_for_update().get(pk=study.pk)
    newest = Plan.objects.of(study).aggregate(newest=Max("version"))["newest"] or 0
    if newest != replaces:
        raise _changed_meanwhile()
    plan = Plan(study=study, version=newest + 1, made_by=by, made_at=now)
    plan.save(force_insert=True)
    Rule.objects.bulk_create(_row(plan, complete[stage]) for stage in Stage)
    trail.record(
        Action.PLAN_CHANGED,
        by=by,
        at=now,
        object_type="study",
        object_id=study.pk,
        detail={"version": plan.version},
    )
    return plan


def rules_of(plan: Plan) -> Mapping[Stage, StageRule]:
    """The rules of one version, in the order of the stages."""
    written = {Stage(rule.stage): rule.as_stage_rule() for rule in plan.rules.all()}
    return {stage: written[stage] for stage in Stage}


def rules_in_force(study: Study) -> dict[Stage, Rule]:
    """The rules of the newest version, by stage. Raises `no_plan` for a study without one."""
    rules = _newest(study.pk)
    if not rules:
        raise DomainError(
            "no_plan",
            _("The study %(code)s has no plan yet, so nobody can be called for it.") % {"code": study.code},
            kept=_("Nothing was recorded."),
            next_step=_("Open the study and make its plan first; a coordinator can do that."),
        )
    return {Stage(rule.stage): rule for rule in rules}


@statement
def _newest(study_id: UUID) -> QuerySet[Rule]:
    newest = Plan.objects.filter(study=study_id).order_by("-version").values("pk")[:1]
    return Rule.objects.filter(plan=Subquery(newest)).order_by()


def _row(plan: Plan, rule: StageRule) -> Rule:
    return Rule(
        plan=plan,
        stage=rule.stage.value,
        interval_days=list(rule.interval_days),
        early_days=rule.early_days,
        late_days=rule.late_days,
        attempt_cap=rule.attempt_cap,
        spacing_minutes=rule.spacing_minutes,
        outbound=rule.outbound,
        review_days=rule.review_days,
    )


def _changed_meanwhile() -> Conflict:
    return Conflict(
        "plan_changed_meanwhile",
        _("Somebody else saved another version of this plan while you were writing."),
        kept=_("Their version is kept; what you typed is still on this page and is not saved."),
        next_step=_("Open the plan again, look at what they changed, then make your change."),
    )
