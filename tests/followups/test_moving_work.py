"""Moving work in bulk, and releasing a call somebody else holds."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import StaffLanguage
from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from followups import moving_work
from followups.calling import releasing
from followups.calling.releasing import ReleaseReason
from followups.models import BarredEnumerator, Claim, FollowUp
from followups.models.claims import ClaimEnd
from followups.moving_work import NOBODY, Wanted
from kernel import clock
from tests.factories import make_team, make_user
from tests.followups.making import ENROLLED, MORNING, claim, dial, owed_to, refused
from tests.signing_in import signed_in
from tracker.models import Respondent

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(world):
    return world.caller()


def move(world, expected, **wanted):
    return moving_work.move_work(
        wanted=Wanted(team=world.team, **wanted), expected=expected, by=world.coordinator, now=MORNING
    )


def test_people_and_what_is_owed_to_them_move_to_another_usual_enumerator(world, colleague):
    people = [world.person() for _person in range(3)]

    assert move(world, 3, of=world.enumerator, to_enumerator=colleague) == 3

    assert set(Respondent.objects.values_list("usual_enumerator", flat=True)) == {colleague.pk}
    assert {owed_to(one).usual_enumerator for one in people} == {colleague}


def test_people_move_to_another_team_of_their_study_and_its_callers_are_offered_them(world):
    person = world.person_ready_at(MORNING)
    other = make_team(country="TN", now=ENROLLED)
    world.study.teams.add(other)
    newcomer = make_user(team=other, now=ENROLLED)

    move(world, 1, to_team=other, to_enumerator=newcomer)

    assert claim(world.enumerator, MORNING) is None
    assert claim(newcomer, MORNING).respondent == person


def test_nobody_moves_to_a_team_that_does_not_work_on_their_study(world):
    world.person()
    elsewhere = make_team(country="TN", now=ENROLLED)

    found = moving_work.preview(Wanted(to_team=elsewhere), by=world.coordinator, now=MORNING)

    assert (found.moves, found.not_possible) == (0, 1)


def test_whom_somebody_is_calling_stays_and_so_does_the_claim(world, colleague):
    world.person_ready_at(MORNING)
    waiting = world.person()
    held = claim(world.enumerator, MORNING)

    move(world, 1, to_enumerator=colleague)

    held.respondent.refresh_from_db()
    assert held.respondent.usual_enumerator == world.enumerator
    assert owed_to(waiting).usual_enumerator == colleague
    assert Claim.objects.live(MORNING).get() == held


def test_whoever_barred_the_new_caller_or_speaks_another_language_stays(world, colleague):
    barred, speaks_french = world.person(), world.person(language="fr")
    BarredEnumerator.objects.create(respondent=barred, enumerator=colleague, at=MORNING)

    found = moving_work.preview(
        Wanted(team=world.team, to_enumerator=colleague), by=world.coordinator, now=MORNING
    )

    assert (found.moves, found.not_possible) == (0, 2)
    StaffLanguage.objects.create(user=colleague, language="fr")
    assert move(world, 1, to_enumerator=colleague) == 1
    assert owed_to(speaks_french).usual_enumerator == colleague


def test_filters_narrow_what_moves_and_nobody_in_particular_can_be_chosen_both_ways(world, colleague):
    world.person()
    free = world.person()
    Respondent.objects.filter(pk=free.pk).update(usual_enumerator=None)

    assert move(world, 1, of=NOBODY, to_enumerator=colleague) == 1
    assert move(world, 1, of=world.enumerator, to_enumerator=NOBODY) == 1

    assert list(FollowUp.objects.values_list("usual_enumerator", flat=True).order_by("usual_enumerator")) in (
        [None, colleague.pk],
        [colleague.pk, None],
    )


def test_one_event_counts_what_was_moved_and_names_nobody_of_the_panel(world, colleague):
    person = world.person()

    move(world, 1, to_enumerator=colleague)

    event = AuditEvent.objects.get(action=Action.WORK_MOVED)
    assert event.detail == {"moved": 1, "team": world.team.code, "to_enumerator": str(colleague.pk)}
    assert str(person.pk) not in str(event.detail)


def test_what_cannot_be_moved_is_refused_in_words(world, colleague, monkeypatch):
    world.person()
    stranger = make_user(team=make_team(country="TN", now=ENROLLED), now=ENROLLED)

    with refused("nowhere_to_move"):
        move(world, 1)
    with refused("not_in_team"):
        move(world, 1, to_enumerator=stranger)
    with refused("changed_meanwhile"):
        move(world, 2, to_enumerator=colleague)
    monkeypatch.setattr(moving_work, "AT_ONCE", 0)
    with refused("too_many_at_once"):
        move(world, 1, to_enumerator=colleague)

    assert owed_to(Respondent.objects.get()).usual_enumerator == world.enumerator


def test_nobody_moves_people_of_a_team_they_do_not_see(world, colleague):
    world.person()
    other = make_user(Role.COORDINATOR, team=make_team(country="TN", now=ENROLLED), now=ENROLLED)

    wanted = Wanted(team=world.team, to_enumerator=colleague)

    assert moving_work.preview(wanted, by=other, now=MORNING).moves == 0


# --- Releasing --------------------------------------------------------------------------------------------------------


def release(world, held, now=MORNING):
    releasing.release(claim=held, why=ReleaseReason.AWAY, by=world.coordinator, now=now)


def test_a_released_call_can_be_taken_by_somebody_else_at_once(world, colleague):
    person = world.person_ready_at(MORNING)
    held = claim(world.enumerator, MORNING)

    release(world, held)

    held.refresh_from_db()
    assert held.ended == ClaimEnd.RELEASED
    assert claim(colleague, MORNING).respondent == person
    event = AuditEvent.objects.get(action=Action.CLAIM_RELEASED)
    assert (event.reason, event.detail["caller"]) == ("away", str(world.enumerator.pk))


def test_a_call_that_was_dialled_is_not_released(world):
    world.person_ready_at(MORNING)
    held = claim(world.enumerator, MORNING)
    dial(held, MORNING)

    with refused("call_under_way"):
        release(world, held)

    assert Claim.objects.live(MORNING).exists()


def test_a_call_that_is_over_is_not_released_again(world):
    world.person_ready_at(MORNING)
    held = claim(world.enumerator, MORNING)

    with refused("claim_over"):
        release(world, held, MORNING + timedelta(hours=1))


# --- Pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def coordinator(client, world):
    signed_in(client, world.coordinator)
    return client


@pytest.mark.either
def test_a_coordinator_sees_how_many_would_move_and_moves_them(coordinator, world, colleague):
    world.person()
    asked = {"team": world.team.pk, "of": world.enumerator.pk, "to_enumerator": colleague.pk}

    look = coordinator.post(reverse("followups:move_work"), {**asked, "look": "1"})
    done = coordinator.post(reverse("followups:move_work"), {**asked, "expected": "1"}, follow=True)

    assert "1 respondent would move." in look.content.decode()
    assert "1 respondent was moved." in done.content.decode()
    assert Respondent.objects.get().usual_enumerator == colleague


@pytest.mark.either
def test_a_move_that_was_not_looked_at_first_moves_nobody(coordinator, world, colleague):
    world.person()
    asked = {"team": world.team.pk, "to_enumerator": colleague.pk}

    answer = coordinator.post(reverse("followups:move_work"), asked)

    assert answer.status_code == 409
    assert Respondent.objects.get().usual_enumerator == world.enumerator


@pytest.mark.either
def test_who_calls_now_is_listed_and_released_and_an_empty_list_says_so(coordinator, world):
    assert (
        "Nobody is calling at this moment."
        in coordinator.get(reverse("followups:calls_now")).content.decode()
    )
    world.person_ready_at(MORNING)
    now = clock.now()
    FollowUp.objects.update(ready_from=now, ready_until=now + timedelta(hours=1))
    held = Claim.objects.create(
        follow_up=FollowUp.objects.get(), respondent=Respondent.objects.get(), enumerator=world.enumerator,
        claimed_at=now, expires_at=now + timedelta(minutes=30),
    )  # fmt: skip

    page = coordinator.get(reverse("followups:calls_now")).content.decode()
    done = coordinator.post(reverse("followups:release", args=[held.pk]), {"why": "away"}, follow=True)

    assert held.respondent.spoken_code in page
    assert "Released. Somebody else can call them now." in done.content.decode()
    held.refresh_from_db()
    assert held.ended == ClaimEnd.RELEASED
