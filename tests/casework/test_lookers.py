"""Who looked: told to those who protect a person, with the names they may know."""

import pytest
from django.urls import reverse

from accounts.permissions import Role
from audit import trail
from audit.actions import Action
from audit.models import AuditEvent
from casework import lookers
from tests.reports.rows import NOW, people, staff, team
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return people(1)[0].respondent


@pytest.fixture
def amina():
    return staff(Role.ENUMERATOR, username="amina", teams=[team()])


def look(by, person, action=Action.RESPONDENT_VIEWED, **about):
    return trail.record(action, by=by, at=NOW, audit_ref=person.audit_ref, **about)


def seen(person, reader):
    return [(one.who, one.what, one.is_refused) for one in lookers.looks_at(person, reader=reader)]


def test_looks_openings_claims_and_dials_are_told_newest_first(person, amina):
    look(amina, person)
    look(amina, person, Action.CLAIMED)
    look(amina, person, Action.DIAL_ORDERED)
    look(amina, person, Action.IDENTITY_OPENED, outcome="refused")
    look(amina, person, Action.STAGE_MOVED)
    assert seen(person, staff(Role.DPO)) == [
        ("Amina", "opened something sealed", True),
        ("Amina", "dialled", False),
        ("Amina", "took their call", False),
        ("Amina", "opened this page", False),
    ]


def test_a_coordinator_reads_that_somebody_of_another_team_looked_and_not_who(person, amina):
    look(amina, person)
    look(staff(Role.ENUMERATOR, username="ben", teams=[team("T2")]), person)
    coordinator = staff(Role.COORDINATOR, teams=[team()])
    assert [who for who, *_rest in seen(person, coordinator)] == ["Somebody outside your teams", "Amina"]


@pytest.mark.parametrize("role", [Role.ENUMERATOR, Role.ADMINISTRATOR, Role.FOCAL_POINT])
def test_nobody_else_reads_who_looked(person, amina, role):
    look(amina, person)
    assert seen(person, staff(role, teams=[team()])) == []


def test_what_was_done_to_others_is_not_told(person, amina):
    look(amina, people(1)[0].respondent)
    assert seen(person, staff(Role.DPO)) == []


def test_many_looks_take_two_queries_and_twenty_are_told(person, django_assert_num_queries):
    reader = staff(Role.DPO)
    reader.country_codes  # read once for each request  # noqa: B018
    for _each in range(30):
        look(staff(Role.ENUMERATOR), person)
    with django_assert_num_queries(2):
        assert len(lookers.looks_at(person, reader=reader)) == 20


def test_after_an_erasure_nothing_leads_to_the_looks(person, amina):
    look(amina, person)
    person.audit_ref = None
    assert seen(person, staff(Role.DPO)) == []


def test_the_officers_page_leads_from_there_to_the_trail(client, person, amina):
    look(amina, person)
    signed_in(client, staff(Role.DPO))
    page = client.get(reverse("casework:respondent", args=[person.pk])).content.decode()
    assert "Amina · opened this page" in page
    assert f"/reports/trail?ref={person.audit_ref}" in page


def test_a_coordinators_page_does_not(client, person, amina):
    look(amina, person)
    signed_in(client, staff(Role.COORDINATOR, teams=[team()]))
    page = client.get(reverse("casework:respondent", args=[person.pk])).content.decode()
    assert "Amina · opened this page" in page
    assert "/reports/trail" not in page


def test_a_search_by_code_is_a_look_and_a_list_is_none(client, person, amina):
    signed_in(client, amina)
    client.get(reverse("casework:respondents"))
    assert not AuditEvent.objects.about(person.audit_ref).exists()
    assert (
        person.spoken_code
        in client.get(reverse("casework:respondents"), {"code": person.spoken_code}).content.decode()
    )
    event = AuditEvent.objects.about(person.audit_ref).get()
    assert (event.action, event.actor_id) == ("tracker.respondent_viewed", amina.pk)
