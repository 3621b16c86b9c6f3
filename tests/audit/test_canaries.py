"""Whoever had to do with a canary is told of, once a day, a minute late at most."""

from datetime import timedelta

import pytest

from audit import canaries, trail
from audit.actions import Action
from audit.models import AuditEvent
from tests.audit.making import ABOUT, NOW, SOMEBODY, SOMEBODY_ELSE

pytestmark = pytest.mark.django_db


@pytest.fixture
def canary():
    return canaries.plant(audit_ref=ABOUT, by=SOMEBODY, now=NOW)


def look(by=SOMEBODY, at=NOW, action=Action.RESPONDENT_VIEWED, about=ABOUT):
    return trail.record(action, by=by, at=at, audit_ref=about)


def touches():
    found = AuditEvent.objects.filter(action=Action.CANARY_TOUCHED).order_by("pk")
    return [(event.actor_id, event.audit_ref, event.detail) for event in found]


def test_a_look_at_a_canary_is_told_with_who_and_what(canary):
    look()
    assert canaries.watch(now=NOW) == 1
    assert touches() == [(SOMEBODY, ABOUT, {"on": "2026-03-10", "action": "tracker.respondent_viewed"})]


@pytest.mark.parametrize(
    "action",
    [
        Action.IDENTITY_OPENED,
        Action.NUMBER_SHOWN,
        Action.CLAIMED,
        Action.DIAL_REFUSED,
        Action.ERASE_REQUESTED,
    ],
)
def test_whatever_else_is_done_with_a_canary_is_told(canary, action):
    look(action=action)
    assert canaries.watch(now=NOW) == 1


def test_a_look_at_anybody_else_is_not_told(canary):
    look(about=SOMEBODY_ELSE)
    assert canaries.watch(now=NOW) == 0


def test_a_person_is_told_of_once_a_day_and_again_on_the_next(canary):
    look(), look(at=NOW + timedelta(hours=1))
    assert canaries.watch(now=NOW + timedelta(hours=1)) == 1
    look(at=NOW + timedelta(hours=2))
    assert canaries.watch(now=NOW + timedelta(hours=2)) == 0
    look(at=NOW + timedelta(days=1))
    assert canaries.watch(now=NOW + timedelta(days=1)) == 1


def test_two_people_are_told_of_one_by_one(canary):
    look(), look(by=SOMEBODY_ELSE)
    assert canaries.watch(now=NOW) == 2
    assert {actor for actor, *_rest in touches()} == {SOMEBODY, SOMEBODY_ELSE}


def test_the_system_touches_nothing(canary):
    look(by=None)
    assert canaries.watch(now=NOW) == 0


def test_planting_and_reading_of_an_alarm_are_no_touch(canary):
    for action in canaries.NO_TOUCH:
        look(action=action)
    assert canaries.watch(now=NOW) == 0


def test_a_worker_that_stood_still_for_six_days_overlooks_nothing(canary):
    look()
    assert canaries.watch(now=NOW + timedelta(days=6)) == 1
    assert canaries.watch(now=NOW + timedelta(days=6, minutes=1)) == 0


def test_a_pass_takes_the_same_queries_for_many_canaries(canary, django_assert_num_queries):
    from uuid import uuid4

    for _each in range(20):
        ref = uuid4()
        canaries.plant(audit_ref=ref, by=SOMEBODY, now=NOW)
    look()
    canaries.watch(now=NOW)
    with django_assert_num_queries(5):  # three, and the beginning and end of the transaction
        assert canaries.watch(now=NOW) == 0
