"""Tracing: when it begins and ends, and that a trusted person is called only with consent, twice at most."""

from datetime import timedelta

import pytest

from audit.actions import Action
from audit.models import AuditEvent
from consent import permits
from consent import recording as ledger
from consent.folding import Decision
from consent.models import Mode
from consent.permits import Opening
from consent.purposes import Purpose
from consent.recording import Said
from followups import gateways, tracing
from followups.calling import checking, delivering, revealing
from followups.calling.heard import Heard, Journey
from followups.models import Attempt, Claim, Dial, FollowUp, Hold
from followups.models.follow_ups import Ended, State
from followups.scheduling.tracing_order import Began
from followups.ticking.tick import tick
from followups.tracing import Found
from tests.factories import ALL_ASKED, synthetic_number
from tests.followups.making import (
    ENROLLED,
    MORNING,
    claim,
    dial,
    make_ready,
    owed_to,
    reasons,
    refused,
    ring,
    tell,
)
from tracker import numbers, reaching
from tracker.keeping import NewNumber, SafeContact
from tracker.models import ContactPoint
from tracker.models.contact_points import Whose
from tracker.number_status import NumberStatus
from tracker.stages import Stage

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AGREED = (*ALL_ASKED, Purpose.TRUSTED_CONTACTS)
WORDS = "I am looking for Amal. Do you know how to reach Amal?"


def trust(person, by, *, raw=None, words=WORDS):
    safe = SafeContact(cover_words=words)
    new = NewNumber(numbers.parse(raw or synthetic_number(), "GB"), Whose.TRUSTED, safe, position=9)
    [point] = reaching.add_numbers(respondent=person, numbers=[new], by=by, now=MORNING)
    return point


def dies(person, status=NumberStatus.DISCONNECTED):
    """Every number of their own is gone."""
    person.contact_points.exclude(whose=Whose.TRUSTED).update(status=status.value)


def says(person, purpose, decision, at):
    said = (Said(purpose, decision, Mode.PHONE, person.language, at),)
    ledger.record_all(respondent_id=person.pk, audit_ref=person.audit_ref, said=said, by=None, now=at)


def asks(world, at, outcome="no_answer"):
    """A whole sitting with whoever the rules let be called."""
    dialled = ring(dial(claim(world.enumerator, at), at).dial, at)
    tell(dialled.attempt, outcome, at + MINUTE)
    return dialled


@pytest.fixture
def lost(world):
    """Somebody whose only number is dead and who trusts one person; looked for since the morning."""
    person = world.person_ready_at(MORNING, granted=AGREED)
    trust(person, world.enumerator)
    dies(person)
    tracing.start(follow_up=owed_to(person), why=Began.NUMBER_DEAD, by=None, now=MORNING)
    make_ready(person, MORNING)
    return person


@pytest.fixture
def friend(lost):
    return lost.contact_points.get(whose=Whose.TRUSTED)


# --- Beginning ------------------------------------------------------------------------------------------------


def test_a_search_begins_when_no_number_of_theirs_may_be_dialled_any_more(world):
    person = world.person_ready_at(MORNING)
    dies(person)
    FollowUp.objects.update(look_at=MORNING)

    tick(MORNING)

    row = owed_to(person)
    assert (row.tracing_why, row.tracing_since, row.waiting_for) == (
        "number_dead",
        MORNING,
        "no_dialable_number",
    )
    [event] = AuditEvent.objects.filter(action=Action.TRACING_STARTED)
    assert (event.audit_ref, event.reason) == (person.audit_ref, "number_dead")


def test_a_second_tick_begins_nothing_twice(world):
    person = world.person_ready_at(MORNING)
    dies(person)
    FollowUp.objects.update(look_at=MORNING)

    for minutes in range(3):
        tick(MORNING + minutes * MINUTE)

    assert AuditEvent.objects.filter(action=Action.TRACING_STARTED).count() == 1
    assert owed_to(person).tracing_since == MORNING


def test_who_is_on_hold_is_not_looked_for(world):
    person = world.person_ready_at(MORNING)
    dies(person)
    Hold.objects.create(respondent=person, kind="safety", placed_at=MORNING)
    FollowUp.objects.update(look_at=MORNING)

    tick(MORNING)

    assert owed_to(person).tracing_since is None


def test_somebody_of_whom_nobody_knows_where_they_are_is_looked_for_from_the_first_look(world):
    person = world.person(stage=Stage.UNKNOWN)

    tick(MORNING)

    assert owed_to(person).tracing_why == "stage_unknown"


def test_who_has_no_number_at_all_waits_in_the_list_of_those_who_need_a_route(world):
    person = world.person_ready_at(MORNING)
    ContactPoint.objects.all().delete()
    FollowUp.objects.update(look_at=MORNING)

    tick(MORNING)

    assert owed_to(person).tracing_since is None
    assert list(FollowUp.objects.needing_a_route()) == [owed_to(person)]


def test_a_coordinator_has_somebody_looked_for_and_ends_it(world):
    person = world.person_ready_at(MORNING)

    tracing.ask_for(respondent=person, by=world.coordinator, now=MORNING)
    with refused("in_tracing"):
        tracing.ask_for(respondent=person, by=world.coordinator, now=MORNING)
    assert tracing.call_off(respondent=person, by=world.coordinator, now=MORNING + HOUR) == 1

    assert owed_to(person).tracing_since is None
    assert [one.reason for one in AuditEvent.objects.filter(action=Action.TRACING_ENDED)] == ["coordinator"]


def test_nobody_is_looked_for_when_nothing_is_owed(world):
    person = world.person()

    with refused("nothing_owed"):
        tracing.ask_for(respondent=person, by=world.coordinator, now=MORNING)


# --- Calling somebody they trust ------------------------------------------------------------------------------


def test_a_trusted_person_is_not_called_while_their_own_number_works(world):
    person = world.person_ready_at(MORNING, granted=AGREED)
    friend = trust(person, world.enumerator)
    tracing.start(follow_up=owed_to(person), why=Began.COORDINATOR, by=world.coordinator, now=MORNING)
    make_ready(person, MORNING)

    dialled = dial(claim(world.enumerator, MORNING), MORNING).dial

    assert dialled.contact_point_id != friend.pk
    assert dialled.attempt.to_trusted is False


def test_a_trusted_person_is_not_called_outside_a_search(world):
    person = world.person_ready_at(MORNING, granted=AGREED)
    trust(person, world.enumerator)
    dies(person)

    assert claim(world.enumerator, MORNING) is None


def test_a_trusted_person_is_called_once_nothing_of_their_own_is_left(world, lost, friend):
    dialled = dial(claim(world.enumerator, MORNING), MORNING).dial

    assert (dialled.contact_point_id, dialled.attempt.to_trusted) == (friend.pk, True)


def test_a_trusted_person_for_whom_no_words_were_chosen_is_not_called(world):
    person = world.person_ready_at(MORNING, granted=AGREED)
    trust(person, world.enumerator, words="")
    dies(person)
    tracing.start(follow_up=owed_to(person), why=Began.NUMBER_DEAD, by=None, now=MORNING)
    make_ready(person, MORNING)

    assert claim(world.enumerator, MORNING) is None


@pytest.mark.parametrize("purpose", [Purpose.TRUSTED_CONTACTS, Purpose.KEEP_NUMBER, Purpose.RECONTACT])
def test_a_yes_taken_back_between_claim_and_dial_stops_the_dial(world, lost, purpose):
    claimed = claim(world.enumerator, MORNING)
    says(lost, purpose, Decision.WITHDRAWN, MORNING + MINUTE)

    ordered = dial(claimed, MORNING + 2 * MINUTE)

    assert ordered.dial is None
    assert ordered.refusals
    assert not Dial.objects.exists()


def test_a_yes_taken_back_between_order_and_ringing_opens_no_number(world, lost):
    dialled = dial(claim(world.enumerator, MORNING), MORNING).dial
    says(lost, Purpose.TRUSTED_CONTACTS, Decision.WITHDRAWN, MORNING + timedelta(seconds=5))

    with refused("no_consent"):
        revealing.reveal(dial=dialled, by=world.enumerator, now=MORNING + timedelta(seconds=10))

    assert not AuditEvent.objects.filter(action=Action.NUMBER_REVEALED).exists()


def test_a_bridged_call_is_not_placed_after_the_yes_was_taken_back(world, lost, settings):
    settings.TELEPHONY_GATEWAY = gateways.practice.name
    dialled = dial(claim(world.enumerator, MORNING), MORNING).dial
    says(lost, Purpose.TRUSTED_CONTACTS, Decision.WITHDRAWN, MORNING + timedelta(seconds=5))

    placed = delivering.deliver(dial_id=dialled.pk, now=MORNING + timedelta(seconds=10))

    assert placed.state == "cancelled"


def test_the_permit_for_a_trusted_number_takes_their_yes_to_asking_such_people(world):
    person = world.person_ready_at(MORNING, granted=AGREED)
    friend = trust(person, world.enumerator)
    says(person, Purpose.TRUSTED_CONTACTS, Decision.REFUSED, MORNING)

    with refused("no_consent"):
        permits.issue(
            sealed=friend.value,
            opening=Opening.DIAL_TRUSTED,
            respondent_id=person.pk,
            audit_ref=person.audit_ref,
            by=world.enumerator,
            now=MORNING + MINUTE,
        )


def test_a_third_try_of_one_trusted_person_is_refused_also_in_a_search_begun_anew(world, lost):
    for n in range(2):
        make_ready(lost, MORNING + n * DAY)
        asks(world, MORNING + n * DAY)
    tracing.call_off(respondent=lost, by=world.coordinator, now=MORNING + 2 * DAY)
    tracing.ask_for(respondent=lost, by=world.coordinator, now=MORNING + 2 * DAY)
    make_ready(lost, MORNING + 2 * DAY)

    assert claim(world.enumerator, MORNING + 2 * DAY) is None
    assert Attempt.objects.filter(to_trusted=True).count() == 2


def test_a_third_try_is_refused_at_the_dial_when_the_second_was_made_after_the_claim(world, lost, friend):
    asks(world, MORNING)
    at = MORNING + DAY
    make_ready(lost, at)
    claimed = claim(world.enumerator, at)
    # A late record of a dial made by a colleague: the rules are asked at the dial, not only at the claim.
    theirs = Claim.objects.create(
        follow_up=claimed.follow_up, respondent=lost, enumerator=world.caller(), claimed_at=at - DAY / 2,
        expires_at=at, ended_at=at - DAY / 2, ended="outcome",
    )  # fmt: skip
    attempt = Attempt.objects.create(
        follow_up=claimed.follow_up, respondent=lost, claim=theirs, enumerator=theirs.enumerator, number=2,
        started_at=at - DAY / 2, recorded_at=at - DAY / 2, disposition="no_answer", to_trusted=True,
    )  # fmt: skip
    Dial.objects.create(
        attempt=attempt, contact_point_id=friend.pk, gateway="plain", ordered_at=at - DAY / 2, state="ended"
    )

    ordered = dial(claimed, at)

    assert (ordered.dial, reasons(ordered.refusals)) == (None, ["no_dialable_number"])


def test_they_ask_not_to_be_called_and_no_one_who_shares_the_number_is_called_on_it(world, lost, friend):
    raw = synthetic_number()
    other = world.person_ready_at(MORNING, numbers=(raw,))
    FollowUp.objects.of(other).update(state=State.RESTING, ready_from=None, ready_until=None)
    ContactPoint.objects.filter(pk=friend.pk).delete()
    trust(lost, world.enumerator, raw=raw)

    asks(world, MORNING, "trusted_stop")

    assert ContactPoint.objects.get(respondent=other).is_barred
    make_ready(other, MORNING + DAY)
    assert claim(world.enumerator, MORNING + DAY) is None
    assert owed_to(lost).tracing_since is not None


def test_who_does_not_know_them_is_a_wrong_number_at_once(world, lost, friend):
    asks(world, MORNING, "trusted_stranger")

    friend.refresh_from_db()
    assert friend.status == NumberStatus.WRONG_PERSON


@pytest.mark.parametrize(
    "heard",
    [
        Heard("completed", interview=True),
        Heard("not_now"),
        Heard("hard_refusal"),
        Heard("no_answer", recontact=True),
        Heard("trusted_number", journey=Journey(Stage.SETTLED)),
        Heard("trusted_tells", interview=False),
        Heard("trusted_tells", bars_caller=True),
    ],
)
def test_nothing_is_agreed_stated_or_interviewed_with_a_trusted_person(world, lost, heard):
    dialled = dial(claim(world.enumerator, MORNING), MORNING).dial

    with refused("not_with_trusted"):
        tell(dialled.attempt, heard, MORNING + MINUTE)

    assert Attempt.objects.get().recorded_at is None


def test_the_outcomes_of_a_trusted_person_are_not_those_of_their_own_number(world):
    world.person_ready_at(MORNING)
    dialled = dial(claim(world.enumerator, MORNING), MORNING).dial

    with refused("not_with_trusted"):
        checking.check(dialled.attempt, Heard("trusted_number"), MORNING)


def test_a_danger_told_by_a_trusted_person_holds_every_call(world, lost):
    asks(world, MORNING, "detained")

    assert Hold.objects.get().kind == "detention"


# --- Ending ---------------------------------------------------------------------------------------------------


def test_a_search_ends_when_the_person_is_reached(world):
    person = world.person_ready_at(MORNING)
    row = owed_to(person)
    tracing.start(follow_up=row, why=Began.MODEL, by=None, now=MORNING)
    make_ready(person, MORNING)

    asks(world, MORNING, "not_now")

    row.refresh_from_db()
    assert (row.tracing_since, row.tracing_why) == (None, "")
    assert AuditEvent.objects.get(action=Action.TRACING_ENDED).reason == Found.REACHED


def test_who_is_not_found_in_thirty_days_is_lost_with_a_reason_and_nobody_plans_for_them(world):
    person = world.person(stage=Stage.UNKNOWN)
    tick(ENROLLED + MINUTE)
    row = owed_to(person)

    tick(row.closes_at + MINUTE)

    row.refresh_from_db()
    assert (row.state, row.ended) == (State.MISSED, Ended.NOT_FOUND)
    assert not FollowUp.objects.of(person).unfinished().exists()
    assert AuditEvent.objects.get(action=Action.TRACING_ENDED).reason == Found.GIVEN_UP
    tick(row.closes_at + 60 * DAY)
    assert not FollowUp.objects.of(person).unfinished().exists()


def test_a_search_that_is_not_over_when_the_window_closes_goes_on_in_the_next_one(world, lost):
    row = owed_to(lost)

    tick(row.closes_at + MINUTE)

    row.refresh_from_db()
    assert (row.state, row.ended) == (State.MISSED, Ended.WINDOW_CLOSED)
    following = owed_to(lost)
    assert (following.tracing_since, following.tracing_why) == (MORNING, "number_dead")


def test_who_was_held_back_by_a_hold_all_the_time_is_not_counted_as_lost(world):
    person = world.person(stage=Stage.UNKNOWN)
    tick(ENROLLED + MINUTE)
    Hold.objects.create(respondent=person, kind="pause", placed_at=MORNING)
    FollowUp.objects.of(person).update(look_at=MORNING + HOUR)
    tick(MORNING + HOUR)
    row = owed_to(person)

    tick(row.closes_at + MINUTE)

    row.refresh_from_db()
    assert row.ended == Ended.WINDOW_CLOSED


def test_refusals_name_the_search_when_its_tries_are_used(world, lost, friend):
    second = trust(lost, world.enumerator)
    assert second.pk != friend.pk
    for n in range(3):
        make_ready(lost, MORNING + n * DAY)
        asks(world, MORNING + n * DAY)
    make_ready(lost, MORNING + 3 * DAY)

    assert claim(world.enumerator, MORNING + 3 * DAY) is None
    assert owed_to(lost).waiting_for == "tracing_cap"


def test_a_search_that_a_coordinator_ended_is_not_begun_again_by_the_model(world):
    person = world.person_ready_at(MORNING)
    tracing.start(follow_up=owed_to(person), why=Began.MODEL, by=None, now=MORNING)
    tracing.call_off(respondent=person, by=world.coordinator, now=MORNING + HOUR)

    assert tracing.start(follow_up=owed_to(person), why=Began.MODEL, by=None, now=MORNING + DAY) is False
    assert tracing.ask_for(respondent=person, by=world.coordinator, now=MORNING + DAY)


def test_a_trusted_number_given_a_second_time_has_no_more_tries_than_before(world):
    raw = synthetic_number()
    person = world.person_ready_at(MORNING, granted=AGREED)
    first = trust(person, world.enumerator, raw=raw)
    dies(person)
    tracing.start(follow_up=owed_to(person), why=Began.NUMBER_DEAD, by=None, now=MORNING)
    for n in range(2):
        make_ready(person, MORNING + n * DAY)
        asks(world, MORNING + n * DAY)
    reaching.retire(contact_point=first, by=world.enumerator, now=MORNING + DAY)
    trust(person, world.enumerator, raw=raw)
    make_ready(person, MORNING + 2 * DAY)

    assert claim(world.enumerator, MORNING + 2 * DAY) is None
