"""Claiming: whose call it is, and that nobody else can take it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Gender
from followups.calling import claiming
from followups.calling.claiming import HandBack
from followups.models import Appointment, BarredEnumerator, Claim, FollowUp
from followups.models.claims import ClaimEnd
from followups.models.follow_ups import State
from followups.ticking.tick import tick
from tests.factories import make_team, make_user
from tests.followups.making import (
    ENROLLED,
    MORNING,
    call,
    claim,
    dial,
    make_ready,
    owed_to,
    refused,
    ring,
)
from tracker.models import Respondent
from tracker.models.respondents import Status

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(minutes=31)


def test_a_caller_gets_a_call_in_their_language_and_team(world):
    person = world.person_ready_at(MORNING)

    claimed = claim(world.enumerator, MORNING)

    assert (claimed.respondent, claimed.expires_at - MORNING) == (person, timedelta(minutes=30))


@pytest.mark.parametrize("said", [{"language": "fr"}, {"caller_gender": Gender.WOMAN}])
def test_nobody_gets_a_call_in_another_language_or_with_another_voice(world, said):
    world.person_ready_at(MORNING, **said)

    assert claim(world.enumerator, MORNING) is None


def test_a_wish_for_a_womans_voice_is_kept(world):
    world.person_ready_at(MORNING, caller_gender=Gender.WOMAN)
    woman = world.caller(gender=Gender.WOMAN)

    assert claim(woman, MORNING) is not None


def test_nobody_gets_a_call_of_another_team(world):
    world.person_ready_at(MORNING)
    stranger = make_user(team=make_team(country="TN", now=ENROLLED), now=ENROLLED)

    assert claim(stranger, MORNING) is None


def test_whom_the_person_barred_is_never_offered_them(world):
    person = world.person_ready_at(MORNING)
    BarredEnumerator.objects.create(respondent=person, enumerator=world.enumerator, at=MORNING)

    assert claim(world.enumerator, MORNING) is None
    assert claim(world.caller(), MORNING) is not None


def test_the_usual_enumerator_comes_first_within_a_class(world):
    other = world.caller()
    strangers = [world.person_ready_at(MORNING, by=other) for _person in range(3)]
    assert {owed_to(one).usual_enumerator for one in strangers} == {other}
    mine = world.person_ready_at(MORNING)

    assert claim(world.enumerator, MORNING).respondent == mine


def test_an_appointment_of_a_stranger_comes_before_the_callers_own_people(world):
    world.person_ready_at(MORNING)
    stranger = world.person_ready_at(MORNING, by=world.caller())
    FollowUp.objects.of(stranger).update(priority=1)

    assert claim(world.enumerator, MORNING).respondent == stranger


def test_asking_twice_gives_the_same_claim(world):
    world.person_ready_at(MORNING)
    world.person_ready_at(MORNING)

    first, second = claim(world.enumerator, MORNING), claim(world.enumerator, MORNING + timedelta(minutes=1))

    assert first == second
    assert Claim.objects.count() == 1


def test_a_lease_that_ran_out_is_taken_over_without_a_tick(world):
    person = world.person_ready_at(MORNING)
    first = claim(world.enumerator, MORNING)
    colleague = world.caller()
    assert claim(colleague, MORNING + timedelta(minutes=29)) is None

    second = claim(colleague, LATER)

    first.refresh_from_db()
    assert (second.respondent, first.ended) == (person, ClaimEnd.EXPIRED)


def test_a_call_given_back_rests_a_little_and_is_then_offered_to_others(world):
    world.person_ready_at(MORNING)
    claimed = claim(world.enumerator, MORNING)
    colleague = world.caller()

    claiming.hand_back(claim=claimed, why=HandBack.CANNOT_NOW, by=world.enumerator, now=MORNING)

    assert claim(colleague, MORNING + timedelta(minutes=5)) is None
    tick(MORNING + timedelta(minutes=11))
    FollowUp.objects.update(ready_from=MORNING)
    assert claim(colleague, MORNING + timedelta(minutes=11)) is not None


def test_who_knows_the_person_is_never_offered_them_again_and_a_colleague_is(world):
    person = world.person_ready_at(MORNING)
    claimed = claim(world.enumerator, MORNING)

    claiming.hand_back(claim=claimed, why=HandBack.KNOWS_THEM, by=world.enumerator, now=MORNING)

    make_ready(person, LATER)
    assert claim(world.enumerator, LATER) is None
    assert claim(world.caller(), LATER).respondent == person


def test_a_call_that_was_dialled_cannot_be_given_back_without_an_outcome(world):
    world.person_ready_at(MORNING)
    claimed = claim(world.enumerator, MORNING)
    ring(dial(claimed, MORNING).dial, MORNING)

    with refused("outcome_owed"):
        claiming.hand_back(claim=claimed, why=HandBack.CANNOT_NOW, by=world.enumerator, now=MORNING)

    assert Claim.objects.live(MORNING).count() == 1


def test_the_rules_are_asked_again_and_a_refused_row_is_pushed_on(world):
    person = world.person_ready_at(MORNING)
    make_ready(person, MORNING - timedelta(hours=3))

    assert claim(world.enumerator, MORNING - timedelta(hours=3)) is None

    row = owed_to(person)
    assert (row.state, row.waiting_for) == (State.RESTING, "outside_safe_times")
    assert row.look_at == MORNING - timedelta(hours=1)


def test_after_a_soft_refusal_a_colleague_asks_and_the_row_stays_in_place_for_them(world):
    person = world.person_ready_at(MORNING)
    call(world.enumerator, "soft_refusal", MORNING)
    a_week_later = MORNING + timedelta(days=8)
    make_ready(person, a_week_later)

    assert claim(world.enumerator, a_week_later) is None
    assert owed_to(person).state == State.READY
    assert claim(world.caller(), a_week_later).respondent == person


def test_many_refused_rows_at_the_head_are_pushed_on_and_the_one_behind_them_is_found(world):
    person = world.person_ready_at(MORNING)
    FollowUp.objects.of(person).update(priority=10)
    for _person in range(4):
        other = world.person_ready_at(MORNING)
        other.contact_points.update(is_barred=True)

    assert claim(world.enumerator, MORNING).respondent == person
    assert FollowUp.objects.filter(waiting_for="no_dialable_number").count() == 4


def test_the_database_itself_refuses_a_second_live_claim_on_a_person_or_by_a_person(world):
    person, other = world.person_ready_at(MORNING), world.person_ready_at(MORNING)
    claimed = claim(world.enumerator, MORNING)
    free = other if claimed.respondent == person else person
    colleague = world.caller()

    for respondent, enumerator in ((claimed.respondent, colleague), (free, world.enumerator)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.create(
                follow_up=claimed.follow_up, respondent=respondent, enumerator=enumerator,
                claimed_at=MORNING, expires_at=LATER,
            )  # fmt: skip


def test_a_claim_takes_the_same_number_of_queries_as_the_panel_grows(world):
    def queries_of_a_claim(user):
        with CaptureQueriesContext(connection) as seen:
            assert claim(user, MORNING) is not None
        return len(seen)

    callers = [world.caller() for _caller in range(2)]
    world.person_ready_at(MORNING, by=callers[0])
    few = queries_of_a_claim(callers[0])
    for _person in range(12):
        world.person_ready_at(MORNING, by=callers[1])

    assert queries_of_a_claim(callers[1]) == few


# --- The queue --------------------------------------------------------------------------------------------------------


def test_who_becomes_ready_later_stands_in_no_index_before_and_in_the_queue_from_their_time(world):
    person = world.person_ready_at(MORNING + timedelta(hours=1))
    FollowUp.objects.update(has_begun=False)
    tick(MORNING)
    before = FollowUp.objects.get().has_begun

    tick(MORNING + timedelta(hours=1))

    assert (before, FollowUp.objects.get().has_begun) == (False, True)
    assert claim(world.enumerator, MORNING + timedelta(hours=1)).respondent == person


def test_nobody_waits_for_the_tick_whose_time_has_come(world):
    person = world.person_ready_at(MORNING)
    FollowUp.objects.update(has_begun=False)

    assert claim(world.enumerator, MORNING).respondent == person


def test_while_nobody_ticks_a_claim_puts_into_the_queue_what_is_more_urgent_than_what_stands_there(world):
    world.person_ready_at(MORNING)
    promised = world.person_ready_at(MORNING)
    FollowUp.objects.of(promised).update(priority=1, has_begun=False)

    assert claim(world.enumerator, MORNING + timedelta(minutes=3)).respondent == promised


def test_a_crowd_that_may_not_be_called_any_more_is_pushed_on_in_one_go_and_the_one_behind_it_is_found(world):
    crowd = [world.person_ready_at(MORNING) for _person in range(4)]
    Respondent.objects.filter(pk__in=[one.pk for one in crowd]).update(status=Status.STOPPED)
    person = world.person_ready_at(MORNING)
    FollowUp.objects.of(person).update(priority=10)

    with CaptureQueriesContext(connection) as seen:
        claimed = claim(world.enumerator, MORNING)

    assert claimed.respondent == person
    assert FollowUp.objects.filter(state=State.RESTING, waiting_for="withdrawn").count() == 4
    assert sum(one["sql"].startswith("UPDATE") and '"waiting_for"' in one["sql"] for one in seen) == 2


def test_a_caller_of_five_languages_sends_as_many_statements_as_one_of_one_language(world):
    def sent_by(user):
        with CaptureQueriesContext(connection) as seen:
            assert claim(user, MORNING) is not None
        return len(seen)

    one = world.caller()
    five = world.caller(languages=("en", "fr", "ar", "ti", "so"), gender=Gender.WOMAN)
    for user in (one, five):
        world.person_ready_at(MORNING, by=user)

    assert sent_by(five) == sent_by(one)


def test_a_firm_appointment_comes_before_everything_and_a_soft_one_only_within_its_period(world):
    world.person_ready_at(MORNING)
    promised = world.person_ready_at(MORNING)
    at = MORNING + timedelta(hours=4)
    Appointment.objects.create(
        follow_up=owed_to(promised), respondent=promised, kind="soft", starts_at=at,
        until=at + timedelta(hours=1), made_at=MORNING - timedelta(hours=1),
    )  # fmt: skip
    FollowUp.objects.of(promised).update(priority=1)

    early = claim(world.enumerator, MORNING)

    assert early.respondent != promised
    assert owed_to(promised).waiting_for == "waiting_for_appointment"
    tick(at)
    assert claim(world.caller(), at).respondent == promised


def test_whoever_is_off_shift_is_offered_calls_all_the_same(world):
    person = world.person_ready_at(MORNING)
    assert not world.enumerator.shifts.exists()

    assert claim(world.enumerator, MORNING).respondent == person
