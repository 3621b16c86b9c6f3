"""Break-glass: two people to open it, an hour at most, and a third who looks afterwards."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import breaking_glass
from accounts.models import BreakGlass, StaffCountry, User
from accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from audit.actions import Action
from audit.models import AuditEvent
from followups.calling import claiming
from kernel import clock
from kernel.errors import DomainError
from tests.accounts.people import person, team
from tests.factories import make_respondent, make_study
from tracker.models import Respondent

pytestmark = pytest.mark.django_db

REASON = "Their coordinator cannot be reached and somebody is in danger."
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def ours():
    return team()


@pytest.fixture
def theirs():
    return team("SFAX", "Sfax", "TN")


@pytest.fixture
def asker(ours):
    return person(Role.COORDINATOR, "asker", teams=[ours])


@pytest.fixture
def second(theirs):
    return person(Role.COORDINATOR, "second", teams=[theirs])


@pytest.fixture
def officer():
    return person(Role.DPO, "officer")


def ask(asker, theirs, now, minutes=30):
    return breaking_glass.ask(team=theirs, reason=REASON, minutes=minutes, by=asker, now=now)


def granted(asker, second, theirs, *, at, minutes=30):
    """One that was asked for and approved at `at`."""
    return breaking_glass.approve(asked=ask(asker, theirs, at, minutes), by=second, now=at)


def again(user):
    """The same person in the next request."""
    return User.objects.get(pk=user.pk)


def code_of(refusal):
    return refusal.value.code


def actions():
    return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


# --- Asking -----------------------------------------------------------------------------------------------------------


def test_asking_alone_shows_nobody(asker, theirs, now):
    ask(asker, theirs, now)
    assert theirs.pk not in again(asker).team_ids


@pytest.mark.parametrize("role", [Role.ENUMERATOR, Role.ADMINISTRATOR, Role.FOCAL_POINT, Role.DPO])
def test_nobody_but_a_coordinator_may_ask(role, theirs, now):
    with pytest.raises(DomainError) as refusal:
        ask(person(role), theirs, now)
    assert code_of(refusal) == "not_yours"


@pytest.mark.parametrize("minutes", [4, 61, 0, -5])
def test_nobody_asks_for_less_than_five_minutes_or_more_than_an_hour(minutes, asker, theirs, now):
    with pytest.raises(DomainError) as refusal:
        ask(asker, theirs, now, minutes)
    assert code_of(refusal) == "minutes_out_of_range"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("too short", "reason_not_worded"),
        (" " * 30, "reason_not_worded"),
        ("x" * 201, "reason_not_worded"),
        ("call +44 7700 900123 because it is urgent", "reason_with_number"),
    ],
)
def test_a_reason_is_a_sentence_without_a_number(reason, code, asker, theirs, now):
    with pytest.raises(DomainError) as refusal:
        breaking_glass.ask(team=theirs, reason=reason, minutes=30, by=asker, now=now)
    assert code_of(refusal) == code
    assert not BreakGlass.objects.exists()


def test_a_team_that_is_seen_already_is_not_asked_for(asker, ours, now):
    with pytest.raises(DomainError) as refusal:
        ask(asker, ours, now)
    assert code_of(refusal) == "team_seen_already"


def test_one_at_a_time(asker, theirs, now):
    ask(asker, theirs, now)
    with pytest.raises(DomainError) as refusal:
        ask(asker, team("GABES", "Gabès", "TN"), now)
    assert code_of(refusal) == "asked_already"


def test_a_team_beyond_the_countries_somebody_is_limited_to_cannot_be_asked_for(asker, theirs, now):
    StaffCountry.objects.create(user=asker, country="LY")
    with pytest.raises(DomainError) as refusal:
        ask(again(asker), theirs, now)
    assert code_of(refusal) == "not_yours"


# --- Two people -------------------------------------------------------------------------------------------------------


def test_the_second_person_s_yes_opens_that_team_and_no_other(asker, second, ours, theirs, now):
    other = team("GABES", "Gabès", "TN")
    granted(asker, second, theirs, at=now)
    assert set(again(asker).team_ids) == {ours.pk, theirs.pk}
    assert other.pk not in again(asker).team_ids


def test_nobody_approves_their_own_even_when_they_see_that_team_meanwhile(asker, theirs, now):
    asked = ask(asker, theirs, now)
    asker.teams.add(theirs)
    with pytest.raises(DomainError) as refusal:
        breaking_glass.approve(asked=asked, by=again(asker), now=now)
    assert code_of(refusal) == "not_yours"


def test_the_database_knows_that_it_takes_two(asker, theirs, now):
    asked = ask(asker, theirs, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        BreakGlass.objects.filter(pk=asked.pk).update(decided_by=asker, decided_at=now, until=now + MINUTE)


def test_the_database_knows_that_an_hour_is_the_longest(asker, theirs, now):
    asked = ask(asker, theirs, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        BreakGlass.objects.filter(pk=asked.pk).update(minutes=61)


def test_a_coordinator_who_does_not_see_that_team_cannot_approve(asker, theirs, now):
    asked = ask(asker, theirs, now)
    with pytest.raises(DomainError) as refusal:
        breaking_glass.approve(asked=asked, by=person(Role.COORDINATOR, teams=[team()]), now=now)
    assert code_of(refusal) == "not_yours"


def test_sight_that_is_only_lent_does_not_approve_the_next(asker, second, theirs, now):
    granted(asker, second, theirs, at=now)
    third = person(Role.COORDINATOR, "third", teams=[team("GABES", "Gabès", "TN")])
    asked = ask(third, theirs, now)
    assert theirs.pk in again(asker).team_ids
    with pytest.raises(DomainError) as refusal:
        breaking_glass.approve(asked=asked, by=again(asker), now=now)
    assert code_of(refusal) == "not_yours"


@pytest.mark.parametrize("role", [Role.ENUMERATOR, Role.ADMINISTRATOR, Role.FOCAL_POINT])
def test_nobody_without_the_right_approves(role, asker, theirs, now):
    asked = ask(asker, theirs, now)
    with pytest.raises(DomainError):
        breaking_glass.approve(asked=asked, by=person(role, teams=[theirs]), now=now)
    assert theirs.pk not in again(asker).team_ids


def test_the_only_officer_does_not_approve_what_only_they_could_review(asker, theirs, officer, now):
    asked = ask(asker, theirs, now)
    with pytest.raises(DomainError) as refusal:
        breaking_glass.approve(asked=asked, by=officer, now=now)
    assert code_of(refusal) == "nobody_to_review"


def test_one_of_two_officers_may_approve(asker, theirs, officer, now):
    person(Role.DPO, "other-officer")
    breaking_glass.approve(asked=ask(asker, theirs, now), by=officer, now=now)
    assert theirs.pk in again(asker).team_ids


def test_somebody_whose_account_was_closed_meanwhile_is_lent_nothing(asker, second, theirs, now):
    asked = ask(asker, theirs, now)
    User.objects.filter(pk=asker.pk).update(is_active=False)
    with pytest.raises(DomainError) as refusal:
        breaking_glass.approve(asked=asked, by=second, now=now)
    assert code_of(refusal) == "asker_may_not"


def test_what_was_decided_is_not_decided_again(asker, second, theirs, now):
    asked = ask(asker, theirs, now)
    breaking_glass.refuse(asked=asked, by=second, now=now)
    with pytest.raises(DomainError) as refusal:
        breaking_glass.approve(asked=asked, by=second, now=now)
    assert code_of(refusal) == "decided_already"
    assert theirs.pk not in again(asker).team_ids


def test_what_was_asked_over_an_hour_ago_is_not_approved_any_more(asker, second, theirs, now):
    asked = ask(asker, theirs, now - 61 * MINUTE)
    with pytest.raises(DomainError) as refusal:
        breaking_glass.approve(asked=asked, by=second, now=now)
    assert code_of(refusal) == "decided_already"


# --- While it lasts, and its end --------------------------------------------------------------------------------------


def test_it_ends_by_itself_in_the_next_request(asker, second, theirs, now):
    granted(asker, second, theirs, at=now - 30 * MINUTE, minutes=30)
    assert theirs.pk not in again(asker).team_ids


def test_it_lasts_to_its_last_second(asker, second, theirs, now):
    granted(asker, second, theirs, at=now - 29 * MINUTE, minutes=30)
    assert theirs.pk in again(asker).team_ids


def test_ending_it_closes_the_team_at_once(asker, second, theirs, now):
    lent = granted(asker, second, theirs, at=now - MINUTE)
    breaking_glass.end(lent=lent, by=asker, now=now)
    assert theirs.pk not in again(asker).team_ids


def test_a_new_role_takes_what_was_lent_along(asker, second, theirs, now):
    granted(asker, second, theirs, at=now)
    User.objects.filter(pk=asker.pk).update(role=Role.ENUMERATOR)
    assert theirs.pk not in again(asker).team_ids


def test_a_limit_to_countries_set_meanwhile_closes_it(asker, second, theirs, now):
    granted(asker, second, theirs, at=now)
    StaffCountry.objects.create(user=asker, country="LY")
    assert theirs.pk not in again(asker).team_ids


def test_lists_and_searches_follow(asker, second, theirs, now):
    study = make_study(team=theirs)
    somebody = make_respondent(study=study, team=theirs)
    assert not Respondent.objects.visible_to(again(asker)).exists()
    granted(asker, second, theirs, at=now)
    assert Respondent.objects.visible_to(again(asker)).get() == somebody


def test_nobody_who_may_take_calls_may_ask_so_no_call_is_taken_through_it():
    able = {role for role in Role if Permission.CALL in ROLE_PERMISSIONS[role]}
    asking = {role for role in Role if Permission.ASK_BREAK_GLASS in ROLE_PERMISSIONS[role]}
    assert able == {Role.ENUMERATOR}
    assert asking == {Role.COORDINATOR}


def test_a_claim_of_an_enumerator_asks_nothing_about_it(ours, django_assert_num_queries):
    caller = again(person(Role.ENUMERATOR, teams=[ours], languages=["en"]))
    with django_assert_num_queries(1):
        assert caller.team_ids == (ours.pk,)
    assert claiming.next_call(by=caller, now=clock.now()) is None


def test_it_is_read_once_per_request(asker, second, theirs, now, django_assert_num_queries):
    granted(asker, second, theirs, at=now)
    reader = again(asker)
    with django_assert_num_queries(2):
        assert reader.team_ids == reader.team_ids
        assert [one.team.code for one in reader.lent_teams] == ["SFAX"]


# --- The third person -------------------------------------------------------------------------------------------------


def test_only_somebody_who_was_neither_of_the_two_reviews_it(asker, theirs, officer, now):
    other = person(Role.DPO, "other-officer")
    lent = granted(asker, officer, theirs, at=now - 40 * MINUTE)
    with pytest.raises(DomainError) as refusal:
        breaking_glass.review(lent=lent, found="All of it was needed.", by=officer, now=now)
    assert code_of(refusal) == "not_yours"
    breaking_glass.review(lent=lent, found="All of it was needed.", by=other, now=now)
    assert not BreakGlass.objects.unreviewed_at(now).exists()


def test_the_database_knows_that_the_reviewer_is_a_third(asker, second, theirs, now):
    lent = granted(asker, second, theirs, at=now - 40 * MINUTE)
    for one_of_the_two in (asker, second):
        with pytest.raises(IntegrityError), transaction.atomic():
            BreakGlass.objects.filter(pk=lent.pk).update(reviewed_by=one_of_the_two, reviewed_at=now)


def test_nothing_is_reviewed_before_it_is_over(asker, second, theirs, officer, now):
    lent = granted(asker, second, theirs, at=now)
    with pytest.raises(DomainError) as refusal:
        breaking_glass.review(lent=lent, found="All of it was needed.", by=officer, now=now)
    assert code_of(refusal) == "review_not_due"


def test_every_step_is_in_the_trail(asker, second, theirs, officer, now):
    lent = granted(asker, second, theirs, at=now - 2 * MINUTE)
    breaking_glass.end(lent=lent, by=asker, now=now - MINUTE)
    breaking_glass.review(lent=lent, found="One page was opened.", by=officer, now=now)
    assert actions() == [
        Action.BREAK_GLASS_ASKED,
        Action.BREAK_GLASS_GRANTED,
        Action.BREAK_GLASS_ENDED,
        Action.BREAK_GLASS_REVIEWED,
    ]
    assert AuditEvent.objects.get(action=Action.BREAK_GLASS_ASKED).reason == REASON
