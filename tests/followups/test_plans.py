"""A study's plan: the method's defaults first, then versions; and a form that lets nothing unsafe through."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.permissions import Role
from followups import plans
from followups.models import Plan, Rule
from followups.plan_forms import PlanForm
from followups.scheduling.rules import DEFAULT_RULES
from kernel.errors import DomainError
from tests.accounts.people import person, team
from tracker.models import Study
from tracker.stages import Stage

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def in_force(study):
    return {stage: rule.as_stage_rule() for stage, rule in plans.rules_in_force(study).items()}


@pytest.fixture
def coordinator(db):
    return person(Role.COORDINATOR, "cora", teams=(team(),))


@pytest.fixture
def study(db):
    return Study.objects.create(code="LY-1", title="Libya panel", created_at=NOON)


def test_the_first_plan_holds_the_rules_of_the_method(study, coordinator):
    plan = plans.make_plan(study=study, by=coordinator, now=NOON)

    assert plan.version == 1
    assert in_force(study) == dict(DEFAULT_RULES)


def test_a_study_without_a_plan_says_what_to_do(study):
    with pytest.raises(DomainError) as refusal:
        in_force(study)

    assert refusal.value.code == "no_plan"


def test_a_change_is_a_new_version_and_the_old_one_stays_readable(study, coordinator):
    first = plans.make_plan(study=study, by=coordinator, now=NOON)
    changed = DEFAULT_RULES | {Stage.ARRIVED: replace(DEFAULT_RULES[Stage.ARRIVED], interval_days=(45,))}

    plans.save_plan(study=study, rules=changed.values(), replaces=1, by=coordinator, now=NOON)

    assert in_force(study)[Stage.ARRIVED].interval_days == (45,)
    assert plans.rules_of(first)[Stage.ARRIVED].interval_days == (30, 60, 90)


def test_of_two_who_change_a_plan_at_once_the_second_is_told(study, coordinator):
    plans.make_plan(study=study, by=coordinator, now=NOON)
    plans.save_plan(study=study, rules=DEFAULT_RULES.values(), replaces=1, by=coordinator, now=NOON)

    with pytest.raises(DomainError) as refusal:
        plans.save_plan(study=study, rules=DEFAULT_RULES.values(), replaces=1, by=coordinator, now=NOON)

    assert refusal.value.code == "plan_changed_meanwhile"
    assert Plan.objects.count() == 2


def test_a_plan_that_leaves_a_stage_out_is_not_saved(study, coordinator):
    rules = [rule for rule in DEFAULT_RULES.values() if rule.stage is not Stage.DETAINED]

    with pytest.raises(DomainError) as refusal:
        plans.make_plan(study=study, by=coordinator, now=NOON, rules=rules)

    assert refusal.value.code == "plan_incomplete"
    assert not Plan.objects.exists()


@pytest.mark.parametrize("stage", [Stage.CROSSING, Stage.DETAINED])
def test_the_database_too_lets_nobody_be_called_in_danger(study, coordinator, stage):
    plan = plans.make_plan(study=study, by=coordinator, now=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.filter(plan=plan, stage=stage).update(outbound=True)


def typed(**changes):
    """The plan's form as a browser sends it when nothing but `changes` was typed."""
    form = PlanForm(rules=DEFAULT_RULES, version=0)
    data = {"replaces": "0"}
    for stage in form.stages:
        for name in stage.fields:
            value = stage[name].value()
            if value is not None and value is not False:
                data[f"{stage.prefix}-{name}"] = "on" if value is True else str(value)
    return data | {name.replace("__", "-"): value for name, value in changes.items()}


def sent(**changes):
    form = PlanForm(typed(**changes), rules=DEFAULT_RULES, version=0)
    form.is_valid()
    return form


def sentences(form):
    return [str(error) for stage in form.stages for errors in stage.errors.values() for error in errors]


def test_the_form_sent_as_it_came_gives_the_same_rules():
    form = sent()

    assert form.is_valid(), form.errors
    assert {rule.stage: rule for rule in form.rules} == dict(DEFAULT_RULES)


@pytest.mark.parametrize("text", ["30, 60, 90", "30 60 90", "٣٠، ٦٠، ٩٠", "30;60;90"])
def test_a_ladder_is_read_in_any_common_writing(text):
    form = sent(settled__interval_days=text)

    assert {rule.stage: rule for rule in form.rules}[Stage.SETTLED].interval_days == (30, 60, 90)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"settled__interval_days": "soon"}, "whole days"),
        ({"settled__interval_days": "-5"}, "whole days"),
        ({"settled__interval_days": "4.5"}, "whole days"),
        ({"settled__interval_days": "1,2,3,4,5,6,7,8,9"}, "at most eight"),
        ({"settled__interval_days": "400"}, "365"),
        ({"settled__interval_days": ""}, "needed"),
        ({"settled__interval_days": "0"}, "at least one day"),
        ({"in_transit__early_days": "14"}, "before the last interview"),
        ({"settled__attempt_cap": "9"}, "8"),
        ({"settled__spacing_minutes": "30"}, "180"),
        ({"settled__late_days": ""}, "needed"),
        ({"detained__review_days": ""}, "looks again"),
        ({"detained__outbound": "on"}, "Nobody is called"),
        ({"crossing__outbound": "on"}, "Nobody is called"),
    ],
)
def test_a_bad_value_gets_a_sentence_and_what_was_typed_is_kept(changes, sentence):
    form = sent(**changes)

    assert not form.is_valid()
    assert any(sentence in one for one in sentences(form)), sentences(form)
    assert "is kept" in str(form.non_field_errors())


def test_an_unsafe_stage_stays_uncallable_whatever_is_sent():
    form = sent(
        detained__outbound="on",
        detained__interval_days="7",
        detained__early_days="1",
        detained__late_days="5",
        detained__attempt_cap="3",
        detained__spacing_minutes="180",
    )

    assert not form.is_valid()


def test_every_wrong_stage_is_named_at_once():
    form = sent(settled__interval_days="soon", arrived__interval_days="later")

    assert [stage.stage for stage in form.stages if stage.errors] == [Stage.ARRIVED, Stage.SETTLED]


def test_a_safe_stage_may_be_left_uncalled_with_a_review():
    data = typed(stranded__review_days="14")
    del data["stranded-outbound"]
    form = PlanForm(data, rules=DEFAULT_RULES, version=0)

    assert form.is_valid(), sentences(form)
    rule = {rule.stage: rule for rule in form.rules}[Stage.STRANDED]
    assert (rule.outbound, rule.review_days) == (False, 14)
