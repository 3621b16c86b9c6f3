"""Accounts of staff: who may make and change them, and what never happens to one's own."""

from dataclasses import replace

import pytest
from django.contrib.auth import get_user

from accounts import staffing
from accounts.models import User
from accounts.permissions import Role
from accounts.staffing import PersonDetails
from audit.actions import Action
from audit.models import AuditEvent
from kernel.errors import DomainError
from tests.accounts.people import NOON, administrator, person, team
from tests.signing_in import signed_in as sign_in_as

pytestmark = pytest.mark.django_db

CALLER = PersonDetails(display_name="Sena", role=Role.ENUMERATOR, languages=frozenset({"ti", "ar"}))


def test_an_administrator_makes_an_account_with_teams_languages_and_a_first_password():
    ada, tripoli = administrator(), team()

    account = staffing.create_person(
        username="sena", details=replace(CALLER, teams=frozenset({tripoli.pk})), by=ada, now=NOON
    )

    sena = User.objects.get(username="sena")
    assert sena.check_password(account.password)
    assert set(sena.language_codes) == {"ti", "ar"}
    assert sena.team_ids == (tripoli.pk,)


def test_the_first_password_is_long_and_never_the_same():
    passwords = {staffing.initial_password() for _n in range(200)}

    assert len(passwords) == 200
    assert all(len(password) == 23 for password in passwords)


def test_making_an_account_leaves_one_event_that_names_nobody():
    ada = administrator()

    account = staffing.create_person(username="sena", details=CALLER, by=ada, now=NOON)

    event = AuditEvent.objects.get(action=Action.STAFF_CREATED)
    assert (event.actor_id, event.object_id) == (ada.pk, account.person.pk)
    assert "sena" not in str(event.detail)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ENUMERATOR, Role.FOCAL_POINT, Role.DPO])
def test_nobody_but_an_administrator_makes_accounts(role):
    by = person(role)

    with pytest.raises(DomainError) as refusal:
        staffing.create_person(username="sena", details=CALLER, by=by, now=NOON)

    assert refusal.value.code == "not_yours"
    assert not User.objects.filter(username="sena").exists()


def test_a_taken_username_is_refused_whatever_its_case():
    ada = administrator()
    person(username="sena")

    with pytest.raises(DomainError) as refusal:
        staffing.create_person(username="Sena", details=CALLER, by=ada, now=NOON)

    assert refusal.value.code == "username_taken"


@pytest.mark.parametrize(
    ("details", "code"),
    [
        (replace(CALLER, time_zone="Mars/Olympus"), "unknown_zone"),
        (replace(CALLER, languages=frozenset({"xx"})), "unknown_language"),
    ],
)
def test_an_unknown_zone_or_language_makes_no_account(details, code):
    ada = administrator()

    with pytest.raises(DomainError) as refusal:
        staffing.create_person(username="sena", details=details, by=ada, now=NOON)

    assert refusal.value.code == code
    assert not User.objects.filter(username="sena").exists()


@pytest.mark.parametrize(
    "wish",
    [
        {"role": Role.DPO},
        {"languages": frozenset({"ar"})},
        {"teams": None},
    ],
    ids=["role", "languages", "teams"],
)
def test_nobody_changes_their_own_role_teams_or_languages(wish):
    ada = administrator()
    wish = {"teams": frozenset({team().pk})} if "teams" in wish else wish

    with pytest.raises(DomainError) as refusal:
        staffing.change_person(
            person=ada, details=replace(staffing.details_of(ada), **wish), by=ada, now=NOON
        )

    assert refusal.value.code == "own_rights"
    assert staffing.details_of(User.objects.get(pk=ada.pk)).role is Role.ADMINISTRATOR


def test_an_administrator_may_change_how_they_are_shown_themselves():
    ada = administrator()

    staffing.change_person(
        person=ada, details=replace(staffing.details_of(ada), display_name="Ada L"), by=ada, now=NOON
    )

    assert User.objects.get(pk=ada.pk).display_name == "Ada L"


def test_a_changed_language_list_replaces_the_old_one():
    ada, sena = administrator(), person(username="sena", languages=("ti", "ar"))

    details = replace(staffing.details_of(sena), languages=frozenset({"ar", "en"}))
    staffing.change_person(person=sena, details=details, by=ada, now=NOON)

    assert set(User.objects.get(pk=sena.pk).language_codes) == {"ar", "en"}


def test_a_new_role_ends_the_sessions_of_the_old_one(client, rf):
    ada, sena = administrator(), person(username="sena")
    sign_in_as(client, sena)

    details = replace(staffing.details_of(sena), role=Role.COORDINATOR)
    staffing.change_person(person=sena, details=details, by=ada, now=NOON)

    assert not signed_in(client, rf)


def test_a_new_time_zone_leaves_sessions_alone(client, rf):
    ada, sena = administrator(), person(username="sena")
    sign_in_as(client, sena)

    details = replace(staffing.details_of(sena), time_zone="Africa/Tripoli")
    staffing.change_person(person=sena, details=details, by=ada, now=NOON)

    assert signed_in(client, rf)


def test_closing_an_account_ends_its_sessions_and_opening_it_again_does_not_revive_them(client, rf):
    ada, sena = administrator(), person(username="sena")
    sign_in_as(client, sena)

    staffing.close_account(person=sena, by=ada, now=NOON)
    staffing.open_account(person=sena, by=ada, now=NOON)

    assert User.objects.get(pk=sena.pk).is_active
    assert not signed_in(client, rf)


def test_nobody_closes_their_own_account():
    ada = administrator()

    with pytest.raises(DomainError) as refusal:
        staffing.close_account(person=ada, by=ada, now=NOON)

    assert refusal.value.code == "own_account"
    assert User.objects.get(pk=ada.pk).is_active


def test_of_two_administrators_who_close_one_account_the_second_is_told():
    ada, sena = administrator(), person(username="sena")
    as_read_by_the_second = User.objects.get(pk=sena.pk)
    staffing.close_account(person=sena, by=ada, now=NOON)

    with pytest.raises(DomainError) as refusal:
        staffing.close_account(person=as_read_by_the_second, by=administrator("grace"), now=NOON)

    assert refusal.value.code == "changed_meanwhile"


def test_a_renewed_password_replaces_the_old_one_and_ends_sessions(client, rf):
    ada, sena = administrator(), person(username="sena")
    sign_in_as(client, sena)

    account = staffing.renew_password(person=sena, by=ada, now=NOON)

    assert User.objects.get(pk=sena.pk).check_password(account.password)
    assert not signed_in(client, rf)


def signed_in(client, rf):
    request = rf.get("/")
    request.session = client.session
    return get_user(request).is_authenticated
