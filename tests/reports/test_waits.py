"""What waits for a decision: counted for each reader, in their scope, and as long as the list behind it."""

import re

import pytest
from django.urls import reverse

from accounts.permissions import Role
from audit import trail
from audit.actions import Action
from audit.models import AuditEvent
from consent.models import Wording
from followups.models import FollowUp, Hold
from kernel import clock
from reports.waits import waits_for
from tests.reports.rows import DAY, NOW, follow_up, people, staff, team
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return staff(Role.COORDINATOR, teams=[team()])


@pytest.fixture
def officer():
    return staff(Role.DPO)


def draft(by, *, language="ti", version=1, approved_by=None):
    return Wording.objects.create(
        purpose="recontact", language=language, version=version, text="The words that are read out.",
        drafted_by=by, drafted_at=NOW, approved_by=approved_by, approved_at=NOW if approved_by else None,
    )  # fmt: skip


def ask_for_erasure(respondent):
    trail.record(Action.ERASE_REQUESTED, by=None, at=NOW, audit_ref=respondent.audit_ref)


def hold(respondent, **columns):
    Hold.objects.create(respondent=respondent, kind="safety", placed_at=NOW - DAY, **columns)


def sentences(reader):
    return [wait.sentence for wait in waits_for(reader, NOW)]


def one_of_each(in_team, author):
    """An erasure asked, a hold to review, a draft, and one follow-up past its day."""
    first, second, third = people(3, in_team=in_team)
    ask_for_erasure(first.respondent)
    hold(second.respondent, review_at=NOW)
    draft(author)
    FollowUp.objects.bulk_create([follow_up(third, due_at=NOW - DAY)])


def test_a_coordinator_is_told_what_people_are_owed_first(coordinator, officer):
    one_of_each(team(), officer)

    assert sentences(coordinator) == [
        "1 person asked to be erased, and still waits.",
        "1 hold is due for a look: may calls go on?",
        "1 wording that somebody else wrote waits for a second person’s yes.",
        "1 follow-up is past its day and still open.",
    ]


def test_nothing_of_another_team_waits_for_a_coordinator(coordinator):
    one_of_each(team("T2"), coordinator)

    assert sentences(coordinator) == []


def test_the_officer_is_told_of_erasures_and_wordings_and_of_no_fieldwork(officer, coordinator):
    one_of_each(team(), coordinator)

    assert sentences(officer) == [
        "1 person asked to be erased, and still waits.",
        "1 wording that somebody else wrote waits for a second person’s yes.",
    ]


@pytest.mark.parametrize("role", [Role.ENUMERATOR, Role.FOCAL_POINT, Role.ADMINISTRATOR])
def test_nothing_of_this_kind_waits_for_those_who_decide_none_of_it(role, officer):
    one_of_each(team(), officer)

    assert sentences(staff(role, teams=[team()])) == []


def test_an_erasure_carried_out_waits_no_longer(coordinator):
    (enrolled,) = people(1)
    person = enrolled.respondent
    ask_for_erasure(person)
    person.status, person.audit_ref = "erased", None
    person.save(update_fields=["status", "audit_ref"])

    assert sentences(coordinator) == []


def test_a_hold_not_yet_due_or_lifted_already_waits_for_nobody(coordinator):
    later, lifted = people(2)
    hold(later.respondent, review_at=NOW + DAY)
    hold(lifted.respondent, review_at=NOW - DAY, lifted_at=NOW, lifted_by=coordinator)

    assert sentences(coordinator) == []


def test_an_approved_or_overtaken_draft_waits_for_nobody(coordinator, officer):
    other = staff(Role.COORDINATOR, username="other")
    draft(other, version=1)
    draft(other, version=2, approved_by=officer)

    assert sentences(coordinator) == []


def test_nobody_is_asked_to_approve_what_they_wrote(coordinator):
    draft(coordinator)

    assert sentences(coordinator) == []


def test_each_line_leads_to_a_page_that_opens(client, coordinator, officer, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    one_of_each(team(), officer)
    signed_in(client, coordinator)

    opened = [client.get(wait.url).status_code for wait in waits_for(coordinator, NOW)]

    assert opened == [200, 200, 200, 200]


def test_the_list_takes_one_query_a_line_however_much_waits(coordinator, officer, django_assert_num_queries):
    waits_for(coordinator, NOW)
    one_of_each(team(), officer)
    for enrolled in people(10):
        hold(enrolled.respondent, review_at=NOW)
        ask_for_erasure(enrolled.respondent)

    with django_assert_num_queries(7):
        waits_for(coordinator, NOW)


@pytest.mark.parametrize(("page", "role"), [("reports:board", Role.COORDINATOR), ("reports:trail", Role.DPO)])
def test_the_first_page_begins_with_what_waits(client, page, role, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    reader = staff(role, teams=[team()])
    one_of_each(team(), staff(Role.DPO, username="author"))
    signed_in(client, reader)

    text = client.get(reverse(page)).content.decode()

    assert "1 person asked to be erased, and still waits." in text
    assert re.findall("<h2>(.*?)</h2>", text)[0] == "Waits for you"


def test_an_empty_list_says_so(client, officer, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    signed_in(client, officer)

    text = client.get(reverse("reports:trail")).content.decode()

    assert "Nothing waits for a decision of yours." in text
    assert AuditEvent.objects.filter(action=Action.TRAIL_READ).count() == 1
