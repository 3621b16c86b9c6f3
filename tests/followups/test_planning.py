"""Planning what is owed next, from the stage now stated."""

from datetime import date, timedelta

import pytest

from audit.actions import Action
from audit.models import AuditEvent
from casework.moving import move_stage
from followups import holding, planning, plans, resuming
from followups.calling.heard import Heard
from followups.models import FollowUp, Hold, Plan
from followups.models.follow_ups import Ended, State
from followups.models.restraints import HoldKind, LiftReason
from followups.scheduling.rules import DEFAULT_RULES, Channel, StageRule
from followups.ticking.tick import tick
from tests.factories import make_study
from tests.followups.making import ENROLLED, MORNING, OPENS, call, make_ready, owed_to, refused
from tracker import studies
from tracker.models.studies import StudyKind
from tracker.stages import Stage

pytestmark = pytest.mark.django_db


def move(world, person, stage, now):
    return move_stage(
        respondent=person, stage=stage, country="", zone="", at=now, by=world.enumerator, now=now
    )


@pytest.mark.parametrize(
    ("stage", "days"),
    [(Stage.IN_TRANSIT, 14), (Stage.STRANDED, 30), (Stage.ARRIVED, 30), (Stage.SETTLED, 90)],
)
def test_the_first_interview_is_due_at_the_interval_of_the_stage(world, stage, days):
    person = world.person(stage=stage)

    assert (owed_to(person).due_at.date() - date(2026, 3, 9)).days == days


def test_the_ladder_goes_up_with_each_interview_at_the_same_stage(world):
    person = world.person_ready_at(MORNING, stage=Stage.ARRIVED)
    call(world.enumerator, Heard("completed", interview=True), MORNING)

    second = owed_to(person)

    assert (second.round_number, (second.due_at - MORNING).days) == (2, 59)


def test_a_new_stage_starts_its_own_ladder_from_the_day_of_the_move(world):
    person = world.person(stage=Stage.SETTLED)
    moved_at = ENROLLED + timedelta(days=3)

    move(world, person, Stage.ARRIVED, moved_at)

    planned = owed_to(person)
    assert (planned.round_number, planned.stage, (planned.due_at - moved_at).days) == (1, "arrived", 29)
    assert FollowUp.objects.of(person).count() == 1


def test_an_interview_already_issued_stays_owed_after_a_move(world):
    person = world.person(stage=Stage.ARRIVED)
    tick(OPENS)
    issued = owed_to(person)

    move(world, person, Stage.SETTLED, MORNING)

    assert owed_to(person).pk == issued.pk
    assert owed_to(person).closes_at == issued.closes_at


@pytest.mark.parametrize(
    ("stage", "kind"), [(Stage.DETAINED, HoldKind.DETENTION), (Stage.CROSSING, HoldKind.REVIEW)]
)
def test_nobody_is_called_where_a_call_could_harm_and_a_coordinator_looks_instead(world, stage, kind):
    person = world.person_ready_at(MORNING)

    move(world, person, stage, MORNING)

    [row] = FollowUp.objects.of(person)
    assert (row.state, row.ended, row.letter) == (State.CANCELLED, Ended.NOT_CALLABLE_STAGE, "UO")
    [hold] = Hold.objects.standing(MORNING)
    assert (hold.kind, hold.until) == (kind, None)
    assert hold.review_at > MORNING


def test_the_hold_of_a_stage_ends_with_the_stage_and_leaves_a_trace(world):
    person = world.person(stage=Stage.DETAINED)
    assert Hold.objects.standing(MORNING).count() == 1

    move(world, person, Stage.ARRIVED, MORNING)

    assert not Hold.objects.standing(MORNING).exists()
    assert AuditEvent.objects.filter(action=Action.HOLD_LIFTED).count() == 1
    assert owed_to(person).stage == "arrived"


def test_a_safety_hold_outlives_a_move(world):
    person = world.person(stage=Stage.DETAINED)
    holding.place(
        respondent=person, kind=HoldKind.SAFETY, until=None, review_at=None, by=world.coordinator, now=MORNING
    )

    move(world, person, Stage.ARRIVED, MORNING)

    assert Hold.objects.standing(MORNING).get().kind == HoldKind.SAFETY


def test_planning_twice_changes_nothing_and_leaves_one_trace(world):
    person = world.person()
    before = owed_to(person)

    again = planning.plan_next(enrolment=person.enrolments.get(), now=ENROLLED + timedelta(hours=1))

    assert again.pk == before.pk
    assert again.due_at == before.due_at
    assert AuditEvent.objects.filter(action=Action.FOLLOW_UP_PLANNED).count() == 1


def test_a_study_without_a_plan_says_so(world):
    study = make_study(team=world.team, by=world.coordinator, plan=False)

    with refused("no_plan"):
        plans.rules_in_force(study)


def test_a_hold_that_a_stage_needs_cannot_be_lifted_while_the_stage_lasts(world):
    world.person(stage=Stage.DETAINED)

    with refused("stage_forbids"):
        holding.lift(hold=Hold.objects.get(), why=LiftReason.OVER, by=world.coordinator, now=MORNING)

    assert Hold.objects.standing(MORNING).exists()


def test_a_hold_is_lifted_once(world):
    person = world.person_ready_at(MORNING)
    hold = holding.place(
        respondent=person, kind=HoldKind.PAUSE, until=None, review_at=None, by=world.coordinator, now=MORNING
    )
    holding.lift(hold=hold, why=LiftReason.OVER, by=world.coordinator, now=MORNING)

    with refused("already_lifted"):
        holding.lift(hold=hold, why=LiftReason.OVER, by=world.coordinator, now=MORNING)


def a_plan_that_calls_nobody_who_arrived(world):
    rules = plans.rules_of(Plan.objects.current(world.study)) | {
        Stage.ARRIVED: StageRule(
            Stage.ARRIVED, (), 0, 0, 0, outbound=False, review_days=30, channel=Channel.NONE
        )
    }
    plans.save_plan(study=world.study, rules=rules.values(), replaces=1, by=world.coordinator, now=ENROLLED)


def test_a_hold_is_not_lifted_while_the_plan_calls_nobody_at_the_stage(world):
    a_plan_that_calls_nobody_who_arrived(world)
    world.person(stage=Stage.ARRIVED)

    with refused("stage_forbids"):
        resuming.resume(hold=Hold.objects.get(), why=LiftReason.OVER, by=world.coordinator, now=MORNING)

    assert Hold.objects.standing(MORNING).count() == 1


def test_whoever_waited_for_a_review_is_planned_when_the_hold_is_lifted(world):
    a_plan_that_calls_nobody_who_arrived(world)
    person = world.person(stage=Stage.ARRIVED)
    plans.save_plan(
        study=world.study, rules=DEFAULT_RULES.values(), replaces=2, by=world.coordinator, now=ENROLLED
    )

    resuming.resume(hold=Hold.objects.get(), why=LiftReason.OVER, by=world.coordinator, now=MORNING)

    assert not Hold.objects.standing(MORNING).exists()
    assert owed_to(person).stage == Stage.ARRIVED


# --- Calendar studies ---------------------------------------------------------------------------------------


@pytest.fixture
def calendar(world):
    study = make_study(team=world.team, by=world.coordinator, kind=StudyKind.CALENDAR)
    add_round(world, study, 1, date(2026, 4, 1), date(2026, 4, 15))
    add_round(world, study, 2, date(2026, 6, 1), date(2026, 6, 15))
    return study


def add_round(world, study, number, opens_on, closes_on):
    return studies.set_round(
        study=study, number=number, opens_on=opens_on, closes_on=closes_on, by=world.coordinator, now=ENROLLED
    )


def test_in_a_calendar_study_the_round_gives_the_window_and_the_number(world, calendar):
    person = world.person(study=calendar)

    row = owed_to(person)

    assert row.round_number == 1
    assert (row.opens_at.isoformat(), row.closes_at.isoformat()) == (
        "2026-03-31T23:00:00+00:00",
        "2026-04-14T23:00:00+00:00",
    )


def test_after_a_round_the_next_round_is_planned(world, calendar):
    person = world.person(study=calendar)
    tick(owed_to(person).opens_at)
    make_ready(person, MORNING)

    recorded = call(world.enumerator, Heard("completed", interview=True), MORNING)

    assert recorded.next_follow_up.round_number == 2


def test_who_joins_after_a_round_is_planned_for_the_next(world, calendar):
    person = world.person(study=calendar, now=ENROLLED + timedelta(days=60))

    assert owed_to(person).round_number == 2


def test_a_round_added_after_the_last_one_is_over_is_planned_by_the_tick(world, calendar):
    person = world.person(study=calendar)
    over = ENROLLED + timedelta(days=120)
    for _round in range(2):
        tick(over)
    assert not FollowUp.objects.of(person).unfinished().exists()
    add_round(world, calendar, 3, date(2026, 8, 1), date(2026, 8, 15))

    tick(over)
    tick(over)

    assert owed_to(person).round_number == 3


def test_the_dates_of_a_round_stay_once_somebody_was_issued_in_it(world, calendar):
    person = world.person(study=calendar)
    tick(owed_to(person).opens_at)

    with refused("round_issued"):
        add_round(world, calendar, 1, date(2026, 4, 5), date(2026, 4, 20))


def test_the_ladder_of_a_stage_begins_anew_when_somebody_comes_back_to_it(world):
    person = world.person_ready_at(MORNING, stage=Stage.ARRIVED)
    call(world.enumerator, Heard("completed", interview=True), MORNING)
    second = owed_to(person)
    away, back = MORNING + timedelta(days=5), MORNING + timedelta(days=9)

    move(world, person, Stage.SETTLED, away)
    move(world, person, Stage.ARRIVED, back)

    again = owed_to(person)
    assert (second.due_at - MORNING).days == 59
    assert (again.round_number, (again.due_at - back).days) == (2, 29)


def test_the_interval_counts_from_the_day_of_the_interview_and_not_from_the_day_it_was_due(world):
    late = MORNING + timedelta(days=12)
    person = world.person(stage=Stage.SETTLED)
    tick(owed_to(person).due_at + timedelta(days=12))
    make_ready(person, late + timedelta(days=78))

    done = call(world.enumerator, Heard("completed", interview=True), late + timedelta(days=78))

    assert (done.next_follow_up.due_at - (late + timedelta(days=78))).days == 89


def test_a_move_to_another_country_moves_the_window_to_midnights_there(world):
    person = world.person(stage=Stage.ARRIVED)
    now = ENROLLED + timedelta(days=1)

    move_stage(
        respondent=person,
        stage=Stage.ARRIVED,
        country="PK",
        zone="",
        at=now,
        by=world.enumerator,
        now=now,
    )

    assert owed_to(person).opens_at.isoformat() == "2026-04-02T19:00:00+00:00"
