"""When people say they are best reached: heard in a call, at enrolment, or written down on their page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from casework import wishes
from followups.calling.heard import Heard
from followups.models import Outlook
from followups.outlooks.foreseeing import choose_all
from followups.ticking.tick import tick
from kernel import clock
from tests.factories import NOW
from tests.followups.making import MORNING, OPENS, World, call, claim, dial, owed_to
from tests.signing_in import signed_in
from tracker.best_times import BestTime
from tracker.registering import Profile

pytestmark = pytest.mark.django_db
COMPLETED = Heard("completed", interview=True, best_time=BestTime.EVENING_REST)


@pytest.fixture
def world():
    return World()


def told():
    return AuditEvent.objects.filter(action="tracker.best_time_stated")


def test_the_best_time_heard_in_a_call_is_kept(world):
    person = world.person_ready_at(MORNING)

    call(world.enumerator, COMPLETED, MORNING)

    person.refresh_from_db()
    assert person.best_slot == "evening_rest"
    event = told().get()
    assert (event.audit_ref, event.detail) == (person.audit_ref, {})


def test_a_call_in_which_nothing_was_said_of_it_leaves_the_one_before(world):
    person = world.person_ready_at(MORNING, profile=Profile(best_time=BestTime.MIDDAY_WORK))

    call(world.enumerator, Heard("not_now"), MORNING)

    person.refresh_from_db()
    assert person.best_slot == "midday_work"
    assert not told().exists()


def test_what_somebody_else_said_of_it_is_not_theirs(world):
    person = world.person_ready_at(MORNING)

    call(world.enumerator, Heard("other_answered", best_time=BestTime.EVENING_REST), MORNING)

    person.refresh_from_db()
    assert person.best_slot == ""


def test_the_outcome_page_asks_for_it_and_records_it(world, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    person = world.person_ready_at(MORNING)
    attempt = dial(claim(world.enumerator, MORNING), MORNING).dial.attempt
    signed_in(client, world.enumerator)
    address = reverse("followups:outcome", args=[attempt.pk])

    asked = client.get(address).content.decode()
    client.post(address, {"disposition": "not_now", "best_time": "afternoon_rest"})

    assert "When are they best reached?" in asked
    person.refresh_from_db()
    assert person.best_slot == "afternoon_rest"


def test_it_counts_for_the_next_look_at_once(world):
    person = world.person()
    tick(OPENS)
    choose_all(OPENS, processes=1)

    wishes.state_best_time(
        respondent=person,
        best_time=BestTime.EVENING_REST,
        by=world.enumerator,
        now=OPENS + timedelta(minutes=5),
    )

    assert not Outlook.objects.exists()
    assert owed_to(person).look_at == OPENS + timedelta(minutes=5)


def test_saying_the_same_again_leaves_one_trace(world):
    person = world.person()
    for _time in range(2):
        wishes.state_best_time(
            respondent=person,
            best_time=BestTime.EVENING_REST,
            by=world.enumerator,
            now=NOW + timedelta(days=1),
        )

    assert told().count() == 1


def test_a_stated_best_time_makes_its_slot_more_likely(world):
    plain, stated = world.person(), world.person(profile=Profile(best_time=BestTime.EVENING_WORK))
    tick(OPENS)

    choose_all(OPENS, processes=1)

    chances = [bytes(Outlook.objects.get(follow_up=owed_to(one)).chances) for one in (plain, stated)]
    assert chances[1][3] > chances[0][3]


def test_the_page_of_a_person_takes_and_shows_it(world, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    person = world.person()
    signed_in(client, world.enumerator)

    client.post(reverse("casework:best_time", args=[person.pk]), {"best_time": "morning_rest"})
    page = client.get(reverse("casework:respondent", args=[person.pk])).content.decode()

    assert "Best reached on a day of rest, in the morning, as they say." in page


def test_a_time_that_does_not_exist_is_refused_with_the_form(world, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    person = world.person()
    signed_in(client, world.enumerator)

    answer = client.post(reverse("casework:best_time", args=[person.pk]), {"best_time": "midnight"})

    assert answer.status_code in (400, 422)
    person.refresh_from_db()
    assert person.best_slot == ""


def test_the_eight_times_are_the_eight_slots():
    from followups.scheduling.slots import SLOTS

    assert [one.value for one in BestTime] == [slot.code for slot in SLOTS]
