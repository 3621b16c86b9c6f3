"""The person asks to be called at another time: it is kept, and it beats neither withdrawal nor safe hours."""

from datetime import timedelta

import pytest

from casework.receipts import Grade
from casework.withdrawing import withdraw
from consent.models import Mode
from followups import holding
from followups.calling.heard import CallBack, Heard
from followups.models import Appointment
from followups.models.restraints import AppointmentState, HoldKind
from followups.scheduling.situation import AppointmentKind
from followups.ticking.tick import tick
from tests.followups.making import MORNING, call, claim, dial, make_ready, owed_to, refused, ring, tell

pytestmark = pytest.mark.django_db


def firm(starts_at):
    return Heard(
        "callback_firm",
        call_back=CallBack(AppointmentKind.FIRM, starts_at, starts_at + timedelta(minutes=15)),
    )


def soft(starts_at, until):
    return Heard("callback_soft", call_back=CallBack(AppointmentKind.SOFT, starts_at, until))


def test_call_me_in_half_an_hour_is_honoured_and_comes_before_everything_else(world):
    others = [world.person_ready_at(MORNING) for _ in range(2)]
    claimed = claim(world.enumerator, MORNING)
    asked_by = claimed.respondent
    dialled = dial(claimed, MORNING).dial
    half_past = MORNING + timedelta(minutes=30)
    tell(dialled.attempt, firm(half_past), MORNING + timedelta(minutes=3))
    tick(half_past)
    for other in others:
        if other != asked_by:
            make_ready(other, half_past)

    again = claim(world.enumerator, half_past)

    assert again.respondent == asked_by
    assert dial(again, half_past).dial is not None


def test_a_call_back_is_not_made_before_its_time(world):
    world.person_ready_at(MORNING)
    call(world.enumerator, firm(MORNING + timedelta(hours=5)), MORNING)

    tick(MORNING + timedelta(hours=4))

    assert claim(world.enumerator, MORNING + timedelta(hours=4)) is None


def test_a_missed_call_back_is_made_as_soon_as_may_be(world):
    person = world.person_ready_at(MORNING)
    call(world.enumerator, firm(MORNING + timedelta(hours=1)), MORNING)
    late = MORNING + timedelta(hours=3, minutes=10)

    tick(late)

    assert owed_to(person).priority == 2
    assert claim(world.enumerator, late).respondent == person


def test_a_call_back_never_beats_a_withdrawal(world):
    person = world.person_ready_at(MORNING)
    call(world.enumerator, firm(MORNING + timedelta(hours=1)), MORNING)
    withdraw(
        respondent=person,
        grade=Grade.STOP,
        mode=Mode.PHONE,
        by=world.coordinator,
        now=MORNING + timedelta(minutes=30),
    )

    tick(MORNING + timedelta(hours=1))

    assert claim(world.enumerator, MORNING + timedelta(hours=1)) is None
    assert Appointment.objects.get().state == AppointmentState.CANCELLED


def test_a_call_back_never_beats_a_hold(world):
    person = world.person_ready_at(MORNING)
    call(world.enumerator, firm(MORNING + timedelta(hours=1)), MORNING)
    holding.place(
        respondent=person, kind=HoldKind.SAFETY, until=None, review_at=None, by=world.coordinator, now=MORNING
    )

    tick(MORNING + timedelta(hours=1))

    assert claim(world.enumerator, MORNING + timedelta(hours=1)) is None


def test_a_call_back_at_an_unsafe_hour_is_not_promised(world):
    world.person_ready_at(MORNING)
    dialled = dial(claim(world.enumerator, MORNING), MORNING).dial
    ten_in_the_evening = MORNING + timedelta(hours=13)

    with refused("call_back_impossible"):
        tell(dialled.attempt, firm(ten_in_the_evening), MORNING + timedelta(minutes=3))

    assert not Appointment.objects.exists()


def test_hours_that_become_unsafe_after_the_promise_stop_the_call(world):
    person = world.person_ready_at(MORNING)
    at = MORNING + timedelta(hours=1)
    call(world.enumerator, firm(at), MORNING)
    person.contact_points.update(unsafe_from="09:30", unsafe_until="12:00")

    tick(at)
    make_ready(person, at)

    assert claim(world.enumerator, at) is None


def test_a_call_back_in_a_period_comes_when_the_period_comes(world):
    person = world.person_ready_at(MORNING)
    afternoon = MORNING + timedelta(hours=5)
    call(world.enumerator, soft(afternoon, afternoon + timedelta(hours=3)), MORNING)

    tick(MORNING + timedelta(minutes=10))

    assert owed_to(person).ready_from == afternoon
    ring(dial(claim(world.enumerator, afternoon), afternoon).dial, afternoon)
