"""What is planned moves when it is asked to: by a newer plan, by other dates of a round; and ends with its study."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audit.actions import Action
from audit.models import AuditEvent
from casework.moving import move_stage
from followups import planning, plans, replanning
from followups.models import FollowUp, Hold, Plan, Replanning
from followups.models.follow_ups import Ended, State
from followups.plan_preview import preview_of
from followups.scheduling.rules import DEFAULT_RULES, Channel, StageRule
from followups.ticking import batches, replannings
from followups.ticking.tick import tick
from tests.factories import make_study
from tests.followups.making import ENROLLED, MORNING, OPENS, World, claim, make_ready, owed_to, refused
from tracker import studies
from tracker.models.studies import StudyKind
from tracker.stages import Stage

pytestmark = pytest.mark.django_db

SOON = ENROLLED + timedelta(hours=1)
LATER = SOON + timedelta(minutes=1)
SIXTY = replace(DEFAULT_RULES[Stage.ARRIVED], interval_days=(60,))
NOBODY = StageRule(Stage.ARRIVED, (), 0, 0, 0, outbound=False, review_days=30, channel=Channel.NONE)


def new_plan(world, rule, *, study=None, moves=True):
    study = study or world.study
    save = replanning.save_and_apply if moves else plans.save_plan
    newest = Plan.objects.current(study).version
    rules = (DEFAULT_RULES | {rule.stage: rule}).values()
    return save(study=study, rules=rules, replaces=newest, by=world.coordinator, now=SOON)


def dates(person):
    row = owed_to(person)
    return row.opens_at, row.due_at, row.closes_at, row.rule_id


def test_a_new_plan_leaves_what_is_planned_alone_unless_asked(world):
    person = world.person()
    before = dates(person)

    new_plan(world, SIXTY, moves=False)
    tick(SOON)

    assert dates(person) == before


def test_what_is_planned_moves_to_the_new_plan_when_asked(world):
    person = world.person()

    new_plan(world, SIXTY)
    tick(SOON)

    row = owed_to(person)
    assert (row.due_at - ENROLLED).days == 59
    assert row.rule.plan.version == 2


def test_what_is_issued_keeps_its_dates_and_its_rule(world):
    person = world.person()
    tick(OPENS)
    issued = dates(person)

    newest = Plan.objects.current(world.study).version
    rules = (DEFAULT_RULES | {Stage.ARRIVED: SIXTY}).values()
    replanning.save_and_apply(
        study=world.study, rules=rules, replaces=newest, by=world.coordinator, now=MORNING
    )
    tick(MORNING)

    assert dates(person) == issued


def test_where_the_new_plan_calls_nobody_the_planned_is_taken_back_and_a_review_waits(world):
    person = world.person()

    new_plan(world, NOBODY)
    tick(SOON)

    assert not FollowUp.objects.of(person).exists()
    assert Hold.objects.standing(SOON).filter(respondent=person).count() == 1


def test_applying_a_plan_twice_changes_nothing_the_second_time(world):
    person = world.person()
    plan = new_plan(world, SIXTY)
    tick(SOON)
    once, events = dates(person), AuditEvent.objects.count()

    replanning.apply_plan(plan=plan, by=world.coordinator, now=LATER)
    Replanning.objects.update(ended_at=None, at_rule=None, at_row=None)
    tick(LATER)

    assert dates(person) == once
    assert AuditEvent.objects.count() == events


def test_the_trail_says_who_asked_and_which_follow_ups_moved(world):
    person = world.person()

    new_plan(world, SIXTY)
    tick(SOON)

    done, asked = AuditEvent.objects.filter(action=Action.PLAN_APPLIED).order_by("-pk")
    assert (asked.actor_id, asked.detail) == (world.coordinator.pk, {"version": 2})
    assert done.detail == {"moved": 1, "taken_back": 0, "which": [str(owed_to(person).pk)]}


def test_only_the_newest_version_can_be_applied(world):
    old = Plan.objects.current(world.study)
    new_plan(world, SIXTY, moves=False)

    with refused("plan_not_newest"):
        replanning.apply_plan(plan=old, by=world.coordinator, now=SOON)


def test_a_tick_that_is_killed_goes_on_where_it_was(world, monkeypatch):
    monkeypatch.setattr(replannings, "BATCH", 2)
    people = [world.person() for _ in range(5)]
    new_plan(world, SIXTY)
    chances = iter([True, False])

    replannings.move_planned(SOON, lambda: next(chances))
    part_way = [(owed_to(one).due_at - ENROLLED).days for one in people].count(59)
    replannings.move_planned(LATER, lambda: True)

    assert part_way == 2
    assert [(owed_to(one).due_at - ENROLLED).days for one in people] == [59] * 5
    work = Replanning.objects.get()
    assert (work.looked_at, work.moved, work.ended_at) == (5, 5, LATER)


def test_a_slice_that_breaks_off_leaves_neither_dates_nor_cursor(world, monkeypatch):
    person = world.person()
    before = dates(person)
    new_plan(world, SIXTY)
    monkeypatch.setattr(replannings, "_leave_trace", broken_off)

    with pytest.raises(OperationalError):
        replannings.move_planned(SOON, lambda: True)

    assert dates(person) == before
    assert Replanning.objects.get().at_row is None


def broken_off(*_given):
    raise OperationalError("the database went away")


def test_one_that_cannot_be_planned_keeps_its_dates_and_holds_up_nobody_else(world):
    broken, other = sorted((world.person(), world.person()), key=lambda one: owed_to(one).pk)
    before = dates(broken)
    type(broken).objects.filter(pk=broken.pk).update(zones=["Nowhere/At_All"])

    new_plan(world, SIXTY)
    tick(SOON)

    assert dates(broken) == before
    assert (owed_to(other).due_at - ENROLLED).days == 59
    assert Replanning.objects.get().ended_at == SOON


# --- Rounds of calendar studies -------------------------------------------------------------------------------


@pytest.fixture
def calendar(world):
    study = make_study(team=world.team, by=world.coordinator, kind=StudyKind.CALENDAR)
    set_round(world, study, date(2026, 4, 1), date(2026, 4, 15))
    return study


def set_round(world, study, opens_on, closes_on, now=ENROLLED):
    studies.set_round(
        study=study, number=1, opens_on=opens_on, closes_on=closes_on, by=world.coordinator, now=now
    )


def test_other_dates_of_a_round_move_those_who_are_planned_in_it(world, calendar):
    person = world.person(study=calendar)
    tick(SOON)

    set_round(world, calendar, date(2026, 5, 4), date(2026, 5, 20), now=SOON)
    tick(LATER)

    row = owed_to(person)
    assert (row.opens_at.isoformat(), row.closes_at.isoformat()) == (
        "2026-05-03T23:00:00+00:00",
        "2026-05-19T23:00:00+00:00",
    )
    assert row.round_number == 1


def test_a_round_set_to_other_dates_and_back_ends_as_it_began(world, calendar):
    person = world.person(study=calendar)
    tick(SOON)
    before = dates(person)

    set_round(world, calendar, date(2026, 5, 4), date(2026, 5, 20), now=SOON)
    tick(LATER)
    set_round(world, calendar, date(2026, 4, 1), date(2026, 4, 15), now=LATER)
    tick(LATER + timedelta(minutes=1))

    assert dates(person) == before


def test_other_dates_of_a_round_leave_the_version_of_the_plan_as_it_is(world, calendar):
    person = world.person(study=calendar)
    tick(SOON)
    new_plan(world, SIXTY, study=calendar, moves=False)

    set_round(world, calendar, date(2026, 5, 4), date(2026, 5, 20), now=SOON)
    tick(LATER)

    assert owed_to(person).rule.plan.version == 1


def test_a_round_moved_into_the_past_takes_back_what_was_planned_in_it(world, calendar):
    person = world.person(study=calendar)
    tick(SOON)

    set_round(world, calendar, date(2026, 2, 1), date(2026, 2, 15), now=SOON)
    tick(LATER)
    tick(LATER)

    assert not FollowUp.objects.of(person).exists()


def test_one_who_cannot_be_planned_for_a_new_round_keeps_nobody_else_waiting(world):
    study = make_study(team=world.team, by=world.coordinator, kind=StudyKind.CALENDAR)
    first, second = sorted(
        (world.person(study=study), world.person(study=study)), key=lambda one: one.enrolments.get().pk
    )
    type(first).objects.filter(pk=first.pk).update(zones=["Nowhere/At_All"])

    set_round(world, study, date(2026, 5, 4), date(2026, 5, 20))
    tick(SOON)

    assert owed_to(second).round_number == 1


# --- Closed studies -------------------------------------------------------------------------------------------


def test_what_a_closed_study_is_owed_ends_with_a_reason(world):
    issued = world.person()
    tick(OPENS)
    planned = world.person(now=OPENS)

    studies.close_study(study=world.study, by=world.coordinator, now=OPENS)
    tick(MORNING)

    found = {(one.state, one.ended) for one in FollowUp.objects.all()}
    assert found == {(State.CANCELLED, Ended.STUDY_CLOSED)}
    assert {one.respondent_id for one in FollowUp.objects.all()} == {issued.pk, planned.pk}


def test_a_closed_study_misses_nothing_and_plans_nothing_any_more(world):
    world.person()
    studies.close_study(study=world.study, by=world.coordinator, now=SOON)

    tick(OPENS + timedelta(days=90))
    tick(OPENS + timedelta(days=91))

    assert [one.ended for one in FollowUp.objects.all()] == [Ended.STUDY_CLOSED]


def test_a_call_in_progress_in_a_closed_study_may_finish(world):
    person = world.person()
    tick(OPENS)
    make_ready(person, MORNING)
    claim(world.enumerator, MORNING)

    studies.close_study(study=world.study, by=world.coordinator, now=MORNING)
    tick(MORNING + timedelta(minutes=1))

    assert owed_to(person).state in (State.READY, State.RESTING)


# --- Idempotence ----------------------------------------------------------------------------------------------

moves = st.lists(
    st.tuples(
        st.sampled_from([Stage.ARRIVED, Stage.SETTLED, Stage.IN_TRANSIT, Stage.DETAINED, Stage.STRANDED]),
        st.integers(1, 40),
    ),
    max_size=4,
)
plan_days = st.lists(st.integers(8, 120), max_size=2)


class Idempotence(TestCase):
    databases = ("default", "vault")

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(moves, plan_days)
    def test_planning_twice_changes_nothing_the_second_time(self, moved, intervals):
        world, now = World(), ENROLLED
        person = world.person()
        for stage, days in moved:
            now += timedelta(days=days)
            tick(now)
            move_stage(
                respondent=person, stage=stage, country="", zone="", at=now, by=world.enumerator, now=now
            )
        for days in intervals:
            new_plan(world, replace(DEFAULT_RULES[Stage.ARRIVED], interval_days=(days,)))
        tick(now)
        once, events = self.everything(), AuditEvent.objects.count()

        planning.plan_next(enrolment=person.enrolments.get(), now=now)
        planning.replan(respondent=person, now=now)
        Replanning.objects.update(ended_at=None, at_rule=None, at_row=None)
        tick(now)
        tick(now)

        self.assertEqual(self.everything(), once)
        self.assertEqual(AuditEvent.objects.count(), events)

    def everything(self):
        columns = ("pk", "rule", "round_number", "stage", "opens_at", "due_at", "closes_at", "ended")
        return list(FollowUp.objects.order_by("pk").values_list(*columns))


# --- Before saving --------------------------------------------------------------------------------------------


def look(world, rule, by=None):
    rules = (DEFAULT_RULES | {rule.stage: rule}).values()
    return preview_of(world.study, rules, by=by or world.coordinator, now=SOON)


def test_a_look_says_how_many_would_move_and_names_some(world):
    person = world.person()
    world.person(stage=Stage.SETTLED)

    preview = look(world, SIXTY)

    arrived, settled = preview.stages
    assert (arrived.planned, arrived.earlier, arrived.later, arrived.keeps) == (1, 0, 1, 0)
    assert (settled.planned, settled.later, settled.keeps) == (1, 0, 1)
    [example] = arrived.examples
    assert (example.code, example.before, example.after) == (
        person.spoken_code,
        date(2026, 4, 9),
        date(2026, 5, 9),
    )


def test_a_look_says_who_would_never_be_called_and_that_open_ones_stay(world):
    world.person()
    tick(OPENS)
    world.person(now=OPENS)

    preview = preview_of(
        world.study, (DEFAULT_RULES | {Stage.ARRIVED: NOBODY}).values(), by=world.coordinator, now=OPENS
    )

    assert (preview.planned, preview.still_open) == (1, 1)
    assert preview.stages[0].nobody_calls == 1


def test_a_look_says_what_applying_the_plan_then_does(world):
    people = [world.person(stage=stage) for stage in (Stage.ARRIVED, Stage.ARRIVED, Stage.SETTLED)]
    before = {one.pk: owed_to(one).due_at for one in people}
    preview = look(world, SIXTY)

    new_plan(world, SIXTY)
    tick(SOON)

    moved = [one for one in people if owed_to(one).due_at > before[one.pk]]
    assert len(moved) == sum(line.later for line in preview.stages) == 2


def test_a_look_names_nobody_whom_the_reader_may_not_see(world):
    world.person()
    elsewhere = World()

    preview = look(world, SIXTY, by=elsewhere.coordinator)

    assert preview.stages[0].later == 1
    assert preview.stages[0].examples == ()


def test_of_a_large_panel_a_sample_is_worked_out_and_the_rest_reckoned(world, monkeypatch):
    monkeypatch.setattr("followups.plan_preview.SAMPLE", 2)
    for _ in range(4):
        world.person()

    preview = look(world, SIXTY)

    assert (preview.planned, preview.worked_out, preview.is_exact) == (4, 2, False)
    assert preview.stages[0].later == 4


def test_a_look_asks_the_same_number_of_questions_however_many_are_planned(
    world, django_assert_max_num_queries
):
    for _ in range(6):
        world.person()

    with django_assert_max_num_queries(10):
        look(world, SIXTY)


def test_a_pass_with_nothing_to_do_asks_a_fixed_few_questions(world, django_assert_num_queries):
    world.person()
    replannings.move_planned(SOON, lambda: True)

    with django_assert_num_queries(2):
        replannings.move_planned(SOON, lambda: True)
    assert batches.BATCH == 200
