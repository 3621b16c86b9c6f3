"""They contacted us: it ends a search, brings back the lost, promises only what the rules let be, and lifts no hold."""

from datetime import timedelta

import pytest

from audit.actions import Action
from audit.models import AuditEvent
from casework import adding
from casework.joining import NumberGiven
from casework.receipts import Grade
from casework.received import Way, Word, record_contact_received
from casework.received_unnamed import record_said
from casework.withdrawing import withdraw
from consent.models import Mode
from followups import tracing
from followups.calling.heard import Heard
from followups.models import Appointment, FollowUp, Hold
from followups.models.follow_ups import Ended, State
from followups.promising import firm
from followups.scheduling.tracing_order import Began
from followups.ticking.tick import tick
from tests.factories import synthetic_number
from tests.followups.making import ENROLLED, MORNING, call, claim, make_ready, owed_to, refused
from tracker.models import ContactPoint
from tracker.stages import Stage

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def contacted(world, person, now, way=Way.MISSED_CALL, **word):
    return record_contact_received(respondent=person, word=Word(way, **word), by=world.enumerator, now=now)


def lose(world):
    """Somebody whom a search of thirty days has not found."""
    person = world.person(stage=Stage.UNKNOWN)
    tick(ENROLLED + MINUTE)
    closed_at = owed_to(person).closes_at
    tick(closed_at + MINUTE)
    assert FollowUp.objects.of(person).get().ended == Ended.NOT_FOUND
    return person, closed_at + 5 * DAY + 10 * HOUR


def test_that_they_contacted_us_ends_the_search_and_is_in_the_trail(world):
    person = world.person_ready_at(MORNING)
    tracing.start(follow_up=owed_to(person), why=Began.COORDINATOR, by=world.coordinator, now=MORNING)

    received = contacted(world, person, MORNING + HOUR)

    assert received.follow_up == owed_to(person)
    assert owed_to(person).tracing_since is None
    [event] = AuditEvent.objects.filter(action=Action.CONTACT_RECEIVED)
    assert (event.audit_ref, event.detail["way"]) == (person.audit_ref, "missed_call")


def test_they_are_called_back_when_they_said_also_after_the_last_try_of_the_round(world):
    person = world.person_ready_at(MORNING)
    call(world.enumerator, "no_answer", MORNING)
    at = MORNING + 2 * HOUR

    contacted(world, person, MORNING + HOUR, call_back=firm(at))

    tick(at)
    assert claim(world.enumerator, at).respondent == person
    assert Appointment.objects.get().starts_at == at


def test_a_new_number_is_kept_unverified_and_may_be_promised_a_call(world):
    person = world.person_ready_at(MORNING)
    person.contact_points.update(status="disconnected")
    at = MORNING + 2 * HOUR

    contacted(world, person, MORNING, call_back=firm(at), given=NumberGiven(synthetic_number()))

    tick(at)
    assert claim(world.enumerator, at).respondent == person
    assert ContactPoint.objects.get(respondent=person, status="unverified").retired_at is None


def test_a_hold_stays_and_no_time_is_promised_against_it(world):
    person = world.person_ready_at(MORNING)
    Hold.objects.create(respondent=person, kind="safety", placed_at=MORNING)

    with refused("call_back_impossible"):
        contacted(world, person, MORNING, call_back=firm(MORNING + HOUR))
    received = contacted(world, person, MORNING)

    assert received.is_held
    assert Hold.objects.get().lifted_at is None
    assert not Appointment.objects.exists()
    assert AuditEvent.objects.filter(action=Action.CONTACT_RECEIVED).count() == 1


def test_somebody_who_calls_from_detention_is_written_down_and_not_called(world):
    person = world.person(stage=Stage.DETAINED)

    received = contacted(world, person, MORNING, way=Way.CALL)

    assert (received.follow_up, received.is_held) == (None, True)
    assert not FollowUp.objects.of(person).unfinished().exists()


def test_whom_we_had_lost_comes_back_and_can_be_called_now(world):
    person, at = lose(world)

    received = contacted(world, person, at)

    assert received.follow_up.state == State.OPEN
    assert received.follow_up.opens_at <= at < received.follow_up.closes_at
    lost = FollowUp.objects.of(person).get(round_number=1)
    assert (lost.state, lost.ended) == (State.MISSED, Ended.WINDOW_CLOSED)
    tick(at)
    make_ready(person, at)
    assert claim(world.enumerator, at).respondent == person


def test_a_new_number_brings_back_whom_we_had_lost(world):
    person, at = lose(world)

    adding.add_number(respondent=person, given=NumberGiven(synthetic_number()), by=world.enumerator, now=at)

    assert owed_to(person).opens_at <= at


def test_after_a_missed_interview_the_next_one_is_made_when_they_come_to_us(world):
    person = world.person_ready_at(MORNING)
    closed_at = owed_to(person).closes_at
    tick(closed_at + MINUTE)
    assert owed_to(person).opens_at > closed_at + 2 * DAY

    received = contacted(world, person, closed_at + 2 * DAY)

    assert received.follow_up.round_number == 2
    assert received.follow_up.opens_at <= closed_at + 2 * DAY


def test_after_an_interview_the_next_one_keeps_its_day(world):
    person = world.person_ready_at(MORNING)
    call(world.enumerator, Heard("completed", interview=True), MORNING)
    before = owed_to(person).opens_at

    received = contacted(world, person, MORNING + DAY)

    assert received.follow_up is None
    assert owed_to(person).opens_at == before
    with refused("nothing_owed"):
        contacted(world, person, MORNING + DAY, call_back=firm(MORNING + 2 * DAY))


def test_who_withdrew_is_not_planned_for_again_by_calling_us(world):
    person = world.person_ready_at(MORNING)
    withdraw(respondent=person, grade=Grade.STOP, mode=Mode.PHONE, by=world.coordinator, now=MORNING)

    with refused("not_taking_part"):
        contacted(world, person, MORNING + HOUR)


@pytest.mark.parametrize("moment", [13 * HOUR, -HOUR])
def test_a_time_at_which_nobody_may_call_is_not_promised(world, moment):
    person = world.person_ready_at(MORNING)

    with refused("call_back_impossible"):
        contacted(world, person, MORNING, call_back=firm(MORNING + moment))

    assert not AuditEvent.objects.filter(action=Action.CONTACT_RECEIVED).exists()


# --- By code or by number -------------------------------------------------------------------------------------


def said(world, what):
    return record_said(said=what, way=Way.MISSED_CALL, by=world.enumerator, now=MORNING, even_seconds=0)


def test_a_code_and_a_number_give_the_same_answer_whether_they_are_known_or_not(world):
    number = synthetic_number()
    person = world.person_ready_at(MORNING, numbers=(number,))
    withdrawn = world.person()
    withdraw(respondent=withdrawn, grade=Grade.STOP, mode=Mode.PHONE, by=world.coordinator, now=MORNING)

    answers = {
        said(world, what) for what in (number, synthetic_number(), person.spoken_code, withdrawn.spoken_code)
    }

    assert len(answers) == 1


def test_a_missed_call_of_a_known_number_ends_the_search_for_them(world):
    number = synthetic_number()
    person = world.person_ready_at(MORNING, numbers=(number,))
    tracing.start(follow_up=owed_to(person), why=Began.COORDINATOR, by=world.coordinator, now=MORNING)

    said(world, number)

    assert owed_to(person).tracing_since is None


def test_a_missed_call_of_a_shared_number_names_nobody(world):
    number = synthetic_number()
    people = [world.person_ready_at(MORNING, numbers=(number,)) for _ in range(2)]
    for person in people:
        tracing.start(follow_up=owed_to(person), why=Began.COORDINATOR, by=world.coordinator, now=MORNING)

    said(world, number)

    assert all(owed_to(person).tracing_since is not None for person in people)
    [event] = AuditEvent.objects.filter(action=Action.CONTACT_RECEIVED)
    assert (event.audit_ref, event.object_type) == (None, "number")


def test_with_the_vault_locked_a_code_still_counts_and_a_number_is_told_to_wait(world, vault_locked):
    person = world.person_ready_at(MORNING)
    vault_locked()

    with refused("needs_vault"):
        said(world, synthetic_number())
    said(world, person.spoken_code)

    assert AuditEvent.objects.get(action=Action.CONTACT_RECEIVED).audit_ref == person.audit_ref
