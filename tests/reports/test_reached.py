"""The page that says when people are reached, and whether choosing is worth it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.permissions import Role
from followups.contact_model.parameters import Parameters
from followups.models import Attempt, Claim, ContactModel, FollowUp, SlotChoice
from kernel import clock
from reports.rates import Rate
from reports.reached import Compared, reached_of
from reports.wanted import Wanted
from tests.reports.rows import DAY, NOW, follow_up, people, staff, team
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def coordinator():
    return staff(Role.COORDINATOR, teams=[team()])


def a_model(version=1):
    return ContactModel.objects.create(
        version=version, parameters=Parameters().to_json(), seed=1, made_at=NOW - DAY, people=40, dials=160
    )


def dials(enrolments, *, slot="evening_work", chosen="evening_work", reached=0, model=None, is_random=False):
    """One recorded call to each, the first so many of which reached the person."""
    caller = staff(Role.ENUMERATOR)
    rows = FollowUp.objects.bulk_create([follow_up(one) for one in enrolments])
    for place, row in enumerate(rows):
        whom = {"follow_up": row, "respondent": row.respondent, "enumerator": caller}
        claim = Claim.objects.create(
            **whom, claimed_at=NOW - DAY, expires_at=NOW, ended_at=NOW - DAY, ended="outcome"
        )
        outcome = "not_now" if place < reached else "no_answer"
        Attempt.objects.create(
            **whom, claim=claim, number=1, slot=slot, started_at=NOW - DAY, recorded_at=NOW - DAY,
            disposition=outcome, was_reached=place < reached, survey_token=uuid4(),
        )  # fmt: skip
        SlotChoice.objects.create(
            follow_up=row, attempt_number=1, slot=chosen, chance=0.4 if model else None, model=model,
            propensity=0.05 if is_random else 1, is_random=is_random, made_at=NOW - DAY,
        )  # fmt: skip


def test_chosen_and_random_calls_are_told_apart(coordinator):
    model = a_model()
    dials(people(10), model=model, reached=6)
    dials(people(4), model=model, is_random=True, reached=1)
    dials(people(3), reached=3)

    compared = reached_of(Wanted(reader=coordinator, now=NOW)).compared

    assert compared.chosen == Rate(6, 10)
    assert compared.random == Rate(1, 4)


def test_a_call_in_another_slot_than_the_chosen_one_says_nothing_of_the_choice(coordinator):
    dials(people(2), slot="morning_work", model=a_model(), reached=2)

    reached = reached_of(Wanted(reader=coordinator, now=NOW))

    assert reached.compared.chosen == Rate(0, 0)


def test_calls_of_another_team_are_not_counted(coordinator):
    dials(people(2, in_team=team("T2")), model=a_model(), reached=2)

    assert reached_of(Wanted(reader=coordinator, now=NOW)).compared.chosen == Rate(0, 0)


def test_the_range_of_a_difference_is_newcombes():
    # R. G. Newcombe (1998), table II, example (a): 56/70 against 48/80, method 10.
    low, high = Compared(Rate(56, 70), Rate(48, 80)).interval

    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_the_page_says_which_model_it_is_and_what_came_of_it(client, coordinator):
    model = a_model(7)
    dials(people(10), model=model, reached=6)
    dials(people(4), model=model, is_random=True, reached=1)
    signed_in(client, coordinator)

    page = client.get(reverse("reports:when_reached")).content.decode()

    assert "Model 7" in page and "from 160 calls to 40 people" in page
    assert "60.0 %" in page and "35.0 percentage points more" in page


def test_before_the_first_model_the_page_says_what_happens_next(client, coordinator):
    signed_in(client, coordinator)

    page = client.get(reverse("reports:when_reached")).content.decode()

    assert "Nothing has been learned yet" in page


def test_the_page_takes_as_many_queries_for_many_calls(client, coordinator):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    dials(people(2), model=a_model(), reached=1)
    signed_in(client, coordinator)
    client.get(reverse("reports:when_reached"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("reports:when_reached"))
    dials(people(9), model=ContactModel.objects.get(), reached=4)

    with CaptureQueriesContext(connection) as many:
        client.get(reverse("reports:when_reached"))

    assert len(many) == len(few)


@pytest.mark.parametrize("role", Role)
def test_who_reads_reports_reads_this_one(client, role):
    signed_in(client, staff(role, teams=[team()]))

    answer = client.get(reverse("reports:when_reached"))

    assert answer.status_code == (200 if role in {Role.COORDINATOR, Role.DPO} else 403)


def test_old_calls_are_left_out(coordinator):
    dials(people(2), model=a_model(), reached=2)
    Attempt.objects.update(started_at=NOW - timedelta(days=91))

    assert reached_of(Wanted(reader=coordinator, now=NOW)).compared.chosen == Rate(0, 0)
