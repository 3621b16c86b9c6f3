"""The page on which a coordinator asks what other attempts would change."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.models import AuditEvent
from followups.contact_model.parameters import Parameters
from followups.models import ContactModel, Plan
from followups.simulation.what_if import expect
from tests.followups.making import ENROLLED, World
from tests.signing_in import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.either, pytest.mark.usefixtures("_now")]


@pytest.fixture
def _now():
    with time_machine.travel(ENROLLED + timedelta(hours=2), tick=False):
        yield


@pytest.fixture
def study(client):
    world = World()
    signed_in(client, world.coordinator)
    return world.study


def ask(client, study, **typed):
    return client.get(reverse("followups:plan_what_if", args=[study.pk]), typed).content.decode()


def rows_of(page):
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    return [[int(cell) for cell in re.findall(r">\s*(\d+)\s*<", row)] for row in body.split("<tr>")[1:]]


def test_more_attempts_reach_more_people_and_cost_more(client, study):
    page = ask(client, study, stage="in_transit", attempts="8")

    [now, then] = rows_of(page)
    assert "the plan now" in page
    assert now[0] < then[0]
    assert now[-2] < then[-2]


def test_the_page_says_what_it_was_made_from(client, study):
    before = ask(client, study, stage="in_transit", attempts="3")
    ContactModel.objects.create(
        version=1,
        parameters=Parameters(level=-2.0).to_json(),
        seed=1,
        made_at=ENROLLED,
        people=321,
        dials=999,
    )
    after = ask(client, study, stage="in_transit", attempts="3")

    assert "Nothing has been learned from your own calls yet" in before
    assert "321 people" in after
    assert before.split("<tbody>")[1].split("</tbody>")[0] != after.split("<tbody>")[1].split("</tbody>")[0]


@pytest.mark.parametrize("attempts", ["0", "9", "many", ""])
def test_what_cannot_be_allowed_is_not_tried_out(client, study, attempts):
    page = ask(client, study, stage="in_transit", attempts=attempts)

    assert "<tbody>" not in page
    assert "errorlist" in page


def test_asking_changes_nothing(client, study):
    plans, events = Plan.objects.count(), AuditEvent.objects.count()

    ask(client, study, stage="in_transit", attempts="8")

    assert (Plan.objects.count(), AuditEvent.objects.count()) == (plans, events)


def test_people_who_are_harder_to_reach_are_reached_less():
    easy, hard = (expect(Parameters(level=level), [5])[0] for level in (0.0, -2.0))

    assert hard.reached < easy.reached - 15
    assert hard.reached_of_hardest < hard.reached
