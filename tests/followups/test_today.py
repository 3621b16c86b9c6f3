"""The first page of an enumerator, and why somebody is not callable."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followups import explaining, holding
from followups.calling.heard import CallBack, Heard
from followups.models.restraints import HoldKind
from followups.scheduling.situation import AppointmentKind
from followups.ticking.tick import tick
from followups.today import today_of
from tests.followups.making import ENROLLED, MORNING, OPENS, call, claim, dial, make_ready, owed_to, ring
from tracker.models import Respondent

pytestmark = pytest.mark.django_db


def test_what_can_be_called_stops_at_twenty_and_more(world):
    for _person in range(3):
        world.person_ready_at(MORNING)
    from followups import today

    shown, today.SHOWN = today.SHOWN, 2
    try:
        page = today_of(world.enumerator, MORNING)
    finally:
        today.SHOWN = shown

    assert (page.callable_now, page.is_more) == (2, True)


def test_what_a_colleague_is_calling_is_not_counted(world):
    world.person_ready_at(MORNING)
    assert today_of(world.enumerator, MORNING).callable_now == 1

    claim(world.caller(), MORNING)

    assert today_of(world.enumerator, MORNING).callable_now == 0


def test_the_day_counts_calls_reached_and_interviews(world):
    for outcome in ("no_answer", "not_now", Heard("completed", interview=True)):
        person = world.person_ready_at(MORNING)
        call(world.enumerator, outcome, MORNING)
        person.follow_ups.filter(state="resting").update(look_at=MORNING + timedelta(days=9))

    day = today_of(world.enumerator, MORNING + timedelta(hours=1))

    assert (day.calls, day.reached, day.interviews) == (3, 2, 1)


def test_an_appointment_is_listed_with_the_persons_own_clock(world):
    world.person_ready_at(MORNING)
    at = MORNING + timedelta(hours=2)
    back = CallBack(AppointmentKind.FIRM, at, at + timedelta(minutes=15))
    call(world.enumerator, Heard("callback_firm", call_back=back), MORNING)

    [promised] = today_of(world.enumerator, MORNING + timedelta(hours=1)).promised

    assert (promised.appointment.starts_at, promised.zone, promised.is_missed) == (at, "Africa/Tunis", False)


def test_a_call_without_an_outcome_is_owed_for_a_week(world):
    world.person_ready_at(MORNING)
    ring(dial(claim(world.enumerator, MORNING), MORNING).dial, MORNING)

    assert len(today_of(world.enumerator, MORNING + timedelta(days=6)).without_outcome) == 1


def test_the_first_page_takes_a_fixed_number_of_queries(world):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            today_of(world.enumerator, MORNING)
        return len(seen)

    world.person_ready_at(MORNING)
    queries()
    few = queries()
    for _person in range(6):
        world.person_ready_at(MORNING)

    assert queries() == few


# --- Why not ------------------------------------------------------------------------------------------------------


def why(person, now):
    [explained] = explaining.why_not(Respondent.objects.get(pk=person.pk), now)
    return explained


def test_somebody_callable_has_no_reason_against(world):
    person = world.person_ready_at(MORNING)

    assert why(person, MORNING).is_callable


def test_every_reason_is_a_sentence_with_its_end_on_the_persons_own_clock(world):
    person = world.person()

    early = why(person, ENROLLED)

    assert "It is too early for this follow-up. It opens at 2 April 2026 00:00 their time." in early.sentences


def test_a_hold_and_an_hour_are_both_told(world):
    person = world.person_ready_at(MORNING)
    holding.place(
        respondent=person, kind=HoldKind.SAFETY, until=None, review_at=None, by=world.coordinator, now=MORNING
    )

    told = why(person, MORNING.replace(hour=22)).sentences

    assert told[0] == "On hold until a coordinator has looked at it."
    assert any("next safe time begins at 3 April 2026 08:00" in one for one in told)


def test_asking_why_works_with_the_vault_locked(world, vault_locked):
    person = world.person_ready_at(MORNING)
    vault_locked()

    assert why(person, MORNING).is_callable


def test_what_the_rules_say_after_a_try_is_told(world):
    person = world.person_ready_at(MORNING)
    call(world.enumerator, "no_answer", MORNING)
    tick(MORNING + timedelta(minutes=10))
    make_ready(person, OPENS)

    told = why(person, MORNING + timedelta(minutes=10)).sentences

    assert any(one.startswith("The last attempt is too recent. The next one may be made at") for one in told)
    assert owed_to(person).attempts_made == 1
