"""A window passes without an interview: it is seen, with a reason, and can still be completed late."""

from datetime import timedelta

import pytest

from followups.calling import late
from followups.models import FollowUp
from followups.models.follow_ups import Ended, State
from followups.ticking.tick import tick
from tests.followups.making import MORNING, call, owed_to, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def missed(world):
    person = world.person_ready_at(MORNING)
    row = owed_to(person)
    call(world.enumerator, "no_answer", MORNING)
    tick(row.closes_at + timedelta(minutes=1))
    row.refresh_from_db()
    return row


def complete(world, row, held_at, now):
    return late.complete_late(follow_up=row, held_at=held_at, by=world.enumerator, now=now)


def test_a_window_that_closes_is_missed_with_a_reason_and_the_next_is_planned_from_its_due_day(missed):
    assert (missed.state, missed.ended, missed.letter) == (State.MISSED, Ended.WINDOW_CLOSED, "UO")
    following = owed_to(missed.respondent)
    # The second step of the ladder for people who have arrived: 60 days.
    assert following.round_number == 2
    assert (following.due_at - missed.due_at).days == 60


def test_a_missed_interview_is_completed_late_and_the_next_moves_with_it(world, missed):
    held_at = missed.closes_at + timedelta(hours=12)
    now = held_at + timedelta(days=1)

    done = complete(world, missed, held_at, now)

    assert (done.state, done.ended, done.is_late) == (State.DONE, "", True)
    assert (done.aapor, done.letter, done.closed_at) == ("1.1", "I", held_at)
    following = owed_to(missed.respondent)
    assert following.round_number == 2
    assert (following.due_at - held_at).days in (59, 60)
    assert FollowUp.objects.of(missed.respondent).count() == 2


def test_it_is_completed_once(world, missed):
    held_at = missed.closes_at + timedelta(hours=12)
    complete(world, missed, held_at, held_at)

    with refused("not_open"):
        complete(world, missed, held_at, held_at)


@pytest.mark.parametrize(
    ("days", "code"), [(-60, "held_too_early"), (400, "held_in_future")], ids=["before it opened", "not yet"]
)
def test_a_day_that_cannot_be_is_refused_and_nothing_changes(world, missed, days, code):
    with refused(code):
        complete(world, missed, missed.due_at + timedelta(days=days), missed.closes_at + timedelta(days=2))

    missed.refresh_from_db()
    assert missed.state == State.MISSED
