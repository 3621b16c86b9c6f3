"""Who reaches which page of the set-up: every role on every address."""

from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from accounts.models import Shift
from accounts.permissions import Role
from tests.accounts.people import NOON, person, team
from tests.consent.words import wording
from tests.signing_in import signed_in
from tracker.models import Study

pytestmark = [pytest.mark.django_db, pytest.mark.either]

ADMINISTRATOR, COORDINATOR, DPO = Role.ADMINISTRATOR, Role.COORDINATOR, Role.DPO
EVERYONE = set(Role)
PEOPLE = {
    "accounts:staff": {ADMINISTRATOR, COORDINATOR},
    "accounts:person_new": {ADMINISTRATOR},
    "accounts:person": {ADMINISTRATOR},
    "accounts:person_close": {ADMINISTRATOR},
    "accounts:person_open": {ADMINISTRATOR},
    "accounts:person_password": {ADMINISTRATOR},
    "accounts:shifts": {ADMINISTRATOR, COORDINATOR},
    "accounts:shift_remove": {ADMINISTRATOR, COORDINATOR},
    "accounts:teams": {ADMINISTRATOR},
    "accounts:team_new": {ADMINISTRATOR},
    "accounts:team": {ADMINISTRATOR},
    "accounts:own_password": EVERYONE,
    "accounts:tour": EVERYONE,
    "accounts:finish_tour": EVERYONE,
    "accounts:sign_out": EVERYONE,
    "accounts:sessions": EVERYONE,
    "accounts:other_sessions_end": EVERYONE,
    "accounts:factors": EVERYONE,
    "accounts:factor_setup": EVERYONE,
    "accounts:factor_app": EVERYONE,
    "accounts:factor_passkey": EVERYONE,
    "accounts:codes_new": EVERYONE,
    "accounts:factor_remove": EVERYONE,
    "accounts:person_factors_reset": {ADMINISTRATOR},
    "accounts:person_sessions_end": {ADMINISTRATOR},
    "accounts:break_glass": {COORDINATOR, DPO},
    "accounts:approve_break_glass": {COORDINATOR, DPO},
    "accounts:refuse_break_glass": {COORDINATOR, DPO},
    "accounts:end_break_glass": {COORDINATOR, DPO},
    "consent:wordings": {COORDINATOR, DPO},
    "consent:wording": {COORDINATOR, DPO},
    "consent:approve": {COORDINATOR, DPO},
    "tracker:studies": {ADMINISTRATOR, COORDINATOR},
    "tracker:study_new": {ADMINISTRATOR, COORDINATOR},
    "tracker:study": {ADMINISTRATOR, COORDINATOR},
    "tracker:study_change": {ADMINISTRATOR, COORDINATOR},
    "tracker:study_close": {ADMINISTRATOR, COORDINATOR},
    "tracker:study_reopen": {ADMINISTRATOR, COORDINATOR},
    "tracker:rounds": {ADMINISTRATOR, COORDINATOR},
    "followups:plan": {ADMINISTRATOR, COORDINATOR},
    "followups:plan_status": {ADMINISTRATOR, COORDINATOR},
    "followups:plan_edit": {COORDINATOR},
    "followups:plan_version": {ADMINISTRATOR, COORDINATOR},
    "followups:plan_apply": {COORDINATOR},
    "followups:plan_what_if": {COORDINATOR},
    "followups:calendars": {COORDINATOR},
    "followups:calendar": {COORDINATOR},
    "followups:calendar_rest_days": {COORDINATOR},
    "followups:calendar_holiday": {COORDINATOR},
    "followups:calendar_season": {COORDINATOR},
    "followups:calendar_remove": {COORDINATOR},
}
ARGUMENTS = {
    "consent:wording": ("recontact", "ti"),
    "consent:approve": ("wording",),
    "accounts:shift_remove": ("person", "shift"),
    "accounts:team": ("team",),
    **dict.fromkeys(("followups:plan_version", "followups:plan_apply"), ("study", 1)),
    **dict.fromkeys(
        ("accounts:person", "accounts:person_close", "accounts:person_open", "accounts:person_password"),
        ("person",),
    ),
    **dict.fromkeys(("accounts:person_factors_reset", "accounts:person_sessions_end"), ("person",)),
    "accounts:factor_remove": (1,),
    **dict.fromkeys(
        ("accounts:approve_break_glass", "accounts:refuse_break_glass", "accounts:end_break_glass"),
        ("glass",),
    ),
    "accounts:shifts": ("person",),
    **dict.fromkeys(("tracker:study", "tracker:study_change", "tracker:study_close"), ("study",)),
    **dict.fromkeys(("tracker:study_reopen", "tracker:rounds"), ("study",)),
    **dict.fromkeys(("followups:calendar", "followups:calendar_rest_days"), ("TN",)),
    **dict.fromkeys(("followups:calendar_holiday", "followups:calendar_season"), ("TN",)),
    "followups:calendar_remove": ("glass",),
    **dict.fromkeys(
        ("followups:plan", "followups:plan_status", "followups:plan_edit", "followups:plan_what_if"),
        ("study",),
    ),
}
POSTS_ONLY = {
    "accounts:approve_break_glass", "accounts:refuse_break_glass", "accounts:end_break_glass",
    "accounts:person_close", "accounts:person_open", "accounts:person_password", "accounts:shift_remove",
    "accounts:person_factors_reset", "accounts:person_sessions_end", "accounts:factor_remove", "accounts:codes_new",
    "accounts:other_sessions_end",
    "accounts:sign_out", "accounts:finish_tour", "consent:approve", "tracker:study_close", "tracker:study_reopen",
    "followups:plan_apply", "followups:calendar_remove",
}  # fmt: skip


@pytest.fixture
def things():
    """One of each thing an address can name."""
    tripoli = team()
    sena = person(username="sena", teams=(tripoli,), languages=("ti",))
    study = Study.objects.create(code="LY-1", title="Panel", created_at=NOON)
    return {
        "person": sena.pk,
        "shift": Shift.objects.create(user=sena, weekday=0, starts="09:00", ends="12:00").pk,
        "team": tripoli.pk,
        "study": study.pk,
        "wording": wording(is_approved=False).pk,
        "glass": UUID(int=1),
    }


def address(name, things):
    named = ARGUMENTS.get(name, ())
    return reverse(name, args=[things.get(one, one) for one in named])


def knock(client, name, things):
    send = client.post if name in POSTS_ONLY else client.get
    return send(address(name, things)).status_code


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", PEOPLE)
def test_a_page_opens_to_the_roles_it_is_for_and_to_no_other(client, things, name, role):
    signed_in(client, person(role, "visitor", teams=(team(),)))

    status = knock(client, name, things)

    if role in PEOPLE[name]:
        assert status in (200, 302, 404, 409), status
    else:
        assert status == 403


@pytest.mark.parametrize("name", PEOPLE)
def test_nobody_passes_without_signing_in(client, things, name):
    response = client.get(address(name, things))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:sign_in"))


@pytest.mark.parametrize("name", sorted(POSTS_ONLY))
def test_following_a_link_never_changes_anything(client, things, name):
    role = next(role for role in Role if role in PEOPLE[name])
    signed_in(client, person(role, "visitor", teams=(team(),)))

    assert client.get(address(name, things)).status_code == 405


@pytest.mark.parametrize("name", ["accounts:shifts", "accounts:shift_remove"])
def test_a_coordinator_does_not_learn_that_a_person_of_another_team_exists(client, things, name):
    signed_in(client, person(Role.COORDINATOR, "visitor", teams=(team("NIA", "Niamey", "NE"),)))
    nobody = things | {"person": uuid4(), "shift": uuid4()}

    assert knock(client, name, things) == knock(client, name, nobody) == 404


def test_every_address_of_the_set_up_is_in_this_table():
    from accounts.urls import urlpatterns as accounts
    from consent.urls import urlpatterns as consent
    from followups.calendar_urls import urlpatterns as calendars
    from followups.plan_urls import urlpatterns as plans
    from tracker.urls import urlpatterns as tracker

    rooms = {"accounts": accounts, "consent": consent, "tracker": tracker, "followups": [*plans, *calendars]}
    named = {f"{room}:{pattern.name}" for room, patterns in rooms.items() for pattern in patterns}

    on_the_way_in = {"accounts:sign_in", "accounts:second_factor", "accounts:passkey"}
    assert named - on_the_way_in == set(PEOPLE)
