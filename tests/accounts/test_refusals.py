"""Whoever asks for a page of another role is in the trail, and cannot flood it by asking."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.permissions import Role
from accounts.refusals import MOST_IN_AN_HOUR, refused_a_page
from audit.models import AuditEvent
from kernel import clock
from tests.reports.rows import NOW, staff
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def enumerator():
    return staff(Role.ENUMERATOR)


def refusals():
    return AuditEvent.objects.filter(action="accounts.access_refused")


def test_a_refused_page_is_told_with_who_and_which(client, enumerator, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    signed_in(client, enumerator)
    assert client.get(reverse("reports:trail") + "?about=secret").status_code == 403
    told = refusals().get()
    assert (told.actor_id, told.at, told.outcome) == (enumerator.pk, NOW, "refused")
    assert told.detail == {"page": "reports:trail"}


def test_a_page_of_ones_own_is_no_refusal(client, enumerator):
    signed_in(client, enumerator)
    assert client.get(reverse("followups:today")).status_code == 200
    assert not refusals().exists()


def test_a_crawler_is_written_down_twenty_times_an_hour_and_no_more(enumerator):
    for second in range(MOST_IN_AN_HOUR + 10):
        refused_a_page(page="reports:trail", by=enumerator, now=NOW + timedelta(seconds=second))
    assert refusals().count() == MOST_IN_AN_HOUR == 20
    assert refused_a_page(page="reports:trail", by=enumerator, now=NOW + timedelta(hours=2)) is not None


def test_what_one_person_does_hides_nothing_that_another_does(enumerator):
    for _try in range(MOST_IN_AN_HOUR):
        refused_a_page(page="reports:trail", by=enumerator, now=NOW)
    assert refused_a_page(page="reports:trail", by=staff(Role.ENUMERATOR), now=NOW) is not None
