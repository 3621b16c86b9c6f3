"""The main job: tries in different parts of the day, an answer, an interview, and the next one planned."""

from datetime import timedelta

import pytest

from followups.calling.heard import Heard, Journey
from followups.models import Attempt, FollowUp
from followups.models.follow_ups import State
from followups.ticking.tick import tick
from tests.followups.making import MORNING, OPENS, call, claim, next_moment
from tracker.stages import Stage

pytestmark = pytest.mark.django_db


def test_a_completed_call_plans_the_next_one_at_the_interval_of_the_stage_now_stated(world):
    world.person_ready_at(MORNING, stage=Stage.ARRIVED)

    recorded = call(
        world.enumerator, Heard("completed", interview=True, journey=Journey(Stage.SETTLED)), MORNING
    )

    [done] = FollowUp.objects.filter(state=State.DONE)
    assert (done.aapor, done.letter, done.closed_at) == ("1.1", "I", MORNING)
    planned = recorded.next_follow_up
    assert (planned.round_number, planned.stage, planned.state) == (2, "settled", State.PLANNED)
    # Settled people are called 90 days after the day of the interview, at their own midnight.
    assert planned.due_at == MORNING.replace(hour=23) - timedelta(days=1) + timedelta(days=90)


def test_three_tries_in_three_slots_then_reached_and_the_next_interview_follows_the_stage_now_stated(world):
    person = world.person(stage=Stage.ARRIVED)
    tick(OPENS)
    at = OPENS
    for _try in range(3):
        at = next_moment(person, at)
        call(world.enumerator, "no_answer", at)
        at += timedelta(minutes=6)

    at = next_moment(person, at)
    recorded = call(
        world.enumerator, Heard("completed", interview=True, journey=Journey(Stage.IN_TRANSIT)), at
    )

    tries = list(Attempt.objects.of(person).order_by("number"))
    assert [one.disposition for one in tries] == ["no_answer", "no_answer", "no_answer", "completed"]
    assert len({one.slot for one in tries}) == 4
    assert all(
        later.started_at - earlier.started_at >= timedelta(hours=3)
        for earlier, later in zip(tries, tries[1:], strict=False)
    )
    assert recorded.next_follow_up.stage == "in_transit"
    assert (recorded.next_follow_up.due_at - at).days in (13, 14)


def test_two_enumerators_and_one_respondent_make_one_call(world):
    world.person_ready_at(MORNING)
    colleague = world.caller()

    first, second = claim(world.enumerator, MORNING), claim(colleague, MORNING)

    assert first is not None
    assert second is None
