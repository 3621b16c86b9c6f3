"""Nobody gives themselves a right: every address is sent every field there is, by every role, and accounts compared."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

from accounts import staffing
from accounts.granting import FAR_REACHING, MAY_GRANT, may_grant
from accounts.models import StaffCountry, StaffLanguage, User
from accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from audit.actions import Action
from kernel import clock
from kernel.errors import DomainError
from kernel.holdings import FIRST_PARTY
from reports.digest import digest
from reports.waits import waits_for
from tests.accounts.people import administrator, person, team
from tests.attacks.addresses import ARGUMENTS, WORDS, addresses
from tests.attacks.world import build
from tests.factories import make_team, make_user
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db

OWN_BUSINESS = {"toured_at", "session_epoch", "last_login", "code_step"}
"""What somebody's own pages may change of their own account: the tour, their sessions, the code they gave last."""
SHOWN = {"display_name", "gender", "time_zone", "interface_language"}
"""What an administrator may change of their own account: how they are shown."""


# --- The whole project, walked ----------------------------------------------------------------------------------------


def every_field_name():
    """The names of the fields of every form of the project and of every column of an account."""
    for room in sorted(FIRST_PARTY):
        for path in (Path(settings.BASE_DIR) / room).rglob("*forms.py"):
            inside = path.relative_to(settings.BASE_DIR).with_suffix("")
            importlib.import_module(".".join(inside.parts))
    forms, names = (
        [BaseForm],
        {"pk", "id", "user", "person", "permissions", "groups", "is_staff", "is_superuser"},
    )
    while forms:
        form = forms.pop()
        forms += form.__subclasses__()
        names |= set(getattr(form, "base_fields", {}))
    return names | {field.name for field in (*User._meta.fields, *User._meta.many_to_many)}


def raised(role, other_team, me):
    """Every field name with the value an attacker would wish for."""
    wished = {
        "role": role, "teams": [str(other_team.pk)], "team": str(other_team.pk), "languages": ["ar", "fr"],
        "language": "ar", "countries": ["LY", "TN"], "country": "LY", "is_active": "on", "session_epoch": "0",
        "must_change_password": "", "permissions": [one.value for one in Permission], "user": str(me.pk),
        "person": str(me.pk), "pk": str(me.pk), "id": str(me.pk), "time_zone": "UTC", "interface_language": "en",
        "gender": "woman", "display_name": "Raised", "username": "raised", "grade": "stop", "minutes": "30",
        "reason": "Something urgent that nobody can check now.", "password": "a long password for tests only",
        "old": "not my password at all", "new": "another long password", "again": "another long password",
    }  # fmt: skip
    return {name: wished.get(name, "on") for name in every_field_name()}


def accounts():
    """Every account as it stands: its columns, teams, languages and countries."""
    rows = {
        row["id"]: row | {"teams": set(), "languages": set(), "countries": set()}
        for row in User.objects.values()
    }
    for name, linked, column in (
        ("teams", User.teams.through, "team_id"),
        ("languages", StaffLanguage, "language"),
        ("countries", StaffCountry, "country"),
    ):
        for pk, value in linked.objects.values_list("user_id", column):
            rows[pk][name].add(value)
    return rows


def changes(before, after):
    """(whose account, which column) for whatever is not as it was; a new account is (its id, "new")."""
    found = {(pk, "new") for pk in after.keys() - before.keys()} | {
        (pk, "gone") for pk in before.keys() - after.keys()
    }
    for pk in before.keys() & after.keys():
        found |= {(pk, name) for name in before[pk] if before[pk][name] != after[pk][name]}
    return found


def targets(ids, me):
    """Every address of the project, filled in with what the attacker knows and, for a person, with themselves."""
    for address in addresses():
        kinds = ARGUMENTS.get(address.name, address.parameters)
        for who in {me.pk, ids["person"]} if "person" in kinds else {me.pk}:
            known = {**ids, **WORDS, "person": who}
            yield address.name, [known.get(kind, 1 if kind == "factor" else me.pk) for kind in kinds]


def attempts(me, ids, payload):
    """What each request changes, each one undone before the next; (address, changes)."""
    client = Client(raise_request_exception=False)
    before = accounts()
    for name, arguments in targets(ids, me):
        url = reverse(name, args=arguments)
        client.cookies.clear()
        cookie = signed_in(client, me).cookies[settings.SESSION_COOKIE_NAME].value
        for method in ("post", "get"):
            with transaction.atomic(), transaction.atomic(using="vault"):
                # The session itself comes back with all else that is undone.
                client.cookies.clear()
                client.cookies[settings.SESSION_COOKIE_NAME] = cookie
                getattr(client, method)(url, payload)
                found = changes(before, accounts())
                transaction.set_rollback(True)
                transaction.set_rollback(True, using="vault")
            yield f"{method} {name}", found


@pytest.fixture
def places():
    return build()


def attacker(role, places):
    own = places["own"]
    known = {
        Role.COORDINATOR: own.coordinator,
        Role.ENUMERATOR: own.enumerator,
        Role.FOCAL_POINT: own.focal_point,
    }
    return known.get(role) or make_user(role, username="the-attacker")


@pytest.mark.slow
@pytest.mark.either
@pytest.mark.parametrize("role", [one for one in Role if one is not Role.ADMINISTRATOR])
def test_no_address_and_no_field_changes_an_account_for_whoever_does_not_administer(role, places):
    me = attacker(role, places)
    payload = raised("administrator", places["country"].team, me)
    told = list(attempts(me, places["own"].ids, payload))
    assert len(told) > 150
    wrong = [
        (where, pk, column)
        for where, found in told
        for pk, column in found
        if not (pk == me.pk and column in OWN_BUSINESS)
    ]
    assert wrong == []


@pytest.mark.slow
@pytest.mark.either
@pytest.mark.parametrize("wished", ["dpo", "coordinator"])
def test_no_address_and_no_field_gives_an_administrator_another_right(wished, places):
    me = attacker(Role.ADMINISTRATOR, places)
    payload = raised(wished, places["country"].team, me)
    told = list(attempts(me, places["own"].ids, payload))
    mine = {(where, column) for where, found in told for pk, column in found if pk == me.pk}
    assert {column for _where, column in mine} <= OWN_BUSINESS | SHOWN
    others = {where for where, found in told for pk, _column in found if pk != me.pk}
    assert others <= {
        "post accounts:person", "post accounts:person_new", "post accounts:person_close",
        "post accounts:person_open", "post accounts:person_password", "post accounts:person_sessions_end",
        "post accounts:person_factors_reset",
    }  # fmt: skip
    assert "post accounts:person" in others, "the walk itself must be able to change somebody"


def test_of_ones_own_account_only_how_one_is_shown_changes_whatever_else_is_sent(client):
    me = administrator()
    signed_in(client, me)
    before = accounts()[me.pk]
    payload = raised("administrator", team(), me) | {"teams": [], "languages": [], "countries": []}
    answer = client.post(reverse("accounts:person", args=[me.pk]), payload)
    assert answer.status_code == 302
    changed = {column for pk, column in changes({me.pk: before}, accounts())}
    assert changed == {"display_name", "gender"}


@pytest.mark.parametrize("field", ["role", "teams", "languages", "countries"])
def test_an_administrator_s_own_rights_stay_as_they_are_even_with_a_fresh_factor(client, field):
    me, tripoli = administrator(), team()
    signed_in(client, me)
    as_is = {
        "display_name": me.display_name, "role": "administrator", "gender": "not_said", "time_zone": "UTC",
        "interface_language": "en",
    }  # fmt: skip
    wished = {"role": "dpo", "teams": [str(tripoli.pk)], "languages": ["ar"], "countries": ["LY"]}[field]
    before = accounts()
    assert client.post(reverse("accounts:person", args=[me.pk]), as_is | {field: wished}).status_code == 403
    assert changes(before, accounts()) == set()


@pytest.mark.parametrize(
    "name",
    ["accounts:person_new", "accounts:person", "accounts:person_close", "accounts:person_open",
     "accounts:person_password", "accounts:person_factors_reset", "accounts:team"],
)  # fmt: skip
def test_what_changes_rights_takes_a_second_factor_a_moment_before(client, name):
    me, tripoli = administrator(), team()
    sena = person(Role.ENUMERATOR, "sena", teams=[tripoli])
    arguments = {"accounts:person_new": [], "accounts:team": [tripoli.pk]}.get(name, [sena.pk])
    signed_in(client, me, factor_seconds_ago=121)
    before = accounts()
    payload = raised("coordinator", tripoli, me) | {"code": "NEW", "title": "New", "country": "LY"}
    assert client.post(reverse(name, args=arguments), payload).status_code == 401
    assert changes(before, accounts()) == set()
    tripoli.refresh_from_db()
    assert tripoli.code == "TRIP"


# --- Who may grant what -----------------------------------------------------------------------------------------------


def test_every_role_says_what_it_may_grant_and_only_who_administers_grants_anything():
    assert set(MAY_GRANT) == set(Role)
    granting = {role for role in Role if MAY_GRANT[role]}
    administering = {role for role in Role if Permission.ADMINISTER_STAFF in ROLE_PERMISSIONS[role]}
    assert granting == administering == {Role.ADMINISTRATOR}


def test_a_role_that_may_grant_nothing_grants_nothing_even_with_the_right_to_administer(monkeypatch):
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.COORDINATOR, frozenset({Permission.ADMINISTER_STAFF}))
    details = staffing.PersonDetails(display_name="New", role=Role.DPO)
    with pytest.raises(DomainError) as refusal:
        staffing.create_person(username="new", details=details, by=person(Role.COORDINATOR), now=clock.now())
    assert refusal.value.code == "beyond_own_grants"
    assert not User.objects.filter(username="new").exists()


def test_a_role_nobody_has_written_down_grants_nothing():
    assert not may_grant("a role to come", Role.ENUMERATOR)


# --- Told to the officer ----------------------------------------------------------------------------------------------


def made(role, by, username="new"):
    details = staffing.PersonDetails(display_name="New", role=role)
    return staffing.create_person(username=username, details=details, by=by, now=clock.now()).person


def told_of_accounts():
    line = {line.action: line for line in digest(clock.now())}[Action.STAFF_CREATED]
    return line.in_a_day


@pytest.mark.parametrize("role", sorted(FAR_REACHING))
def test_a_second_identity_with_far_reaching_rights_is_told_to_the_officer(role):
    made(role, administrator())
    assert told_of_accounts() == 1
    waits = [one.sentence for one in waits_for(person(Role.DPO), clock.now())]
    assert len([one for one in waits if "Do you know them?" in one]) == 1


@pytest.mark.parametrize("role", [Role.ENUMERATOR, Role.FOCAL_POINT])
def test_an_account_that_reaches_no_further_than_its_own_work_is_not(role):
    made(role, administrator())
    assert told_of_accounts() == 0


def test_raising_somebody_is_told_as_well_and_correcting_a_name_is_not():
    ada = administrator()
    sena = made(Role.ENUMERATOR, ada)
    raised_to = staffing.PersonDetails(display_name="New", role=Role.COORDINATOR)
    staffing.change_person(person=sena, details=raised_to, by=ada, now=clock.now())
    assert told_of_accounts() == 1
    renamed = staffing.PersonDetails(display_name="Newer", role=Role.COORDINATOR)
    staffing.change_person(person=User.objects.get(pk=sena.pk), details=renamed, by=ada, now=clock.now())
    assert told_of_accounts() == 1


def test_an_account_that_is_opened_again_is_told_too():
    ada = administrator()
    cora = made(Role.COORDINATOR, ada)
    staffing.close_account(person=cora, by=ada, now=clock.now())
    staffing.open_account(person=cora, by=ada, now=clock.now())
    assert told_of_accounts() == 2


def test_a_team_that_somebody_is_given_is_seen_from_the_next_request_on_and_one_taken_is_not():
    ada, ours = administrator(), make_team(country="TN")
    cora = person(Role.COORDINATOR, "cora")
    theirs = staffing.PersonDetails(display_name="Cora", role=Role.COORDINATOR, teams=frozenset({ours.pk}))
    staffing.change_person(person=cora, details=theirs, by=ada, now=clock.now())
    assert User.objects.get(pk=cora.pk).team_ids == (ours.pk,)
    without = staffing.PersonDetails(display_name="Cora", role=Role.COORDINATOR)
    staffing.change_person(person=User.objects.get(pk=cora.pk), details=without, by=ada, now=clock.now())
    assert User.objects.get(pk=cora.pk).team_ids == ()
