"""An erasure says when it is final: on the receipt, on the page of the code that is left, to the officer when late."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.permissions import Role
from casework.person import page_of
from casework.receipts import Grade
from casework.withdrawing import withdraw
from consent.models import Mode
from reports.waits import waits_for
from tests.factories import make_user
from tests.followups.making import MORNING, World
from tests.signing_in import signed_in
from vault import rotating
from vault.models import KekState, KekStatus
from vault.rotating import Run

pytestmark = pytest.mark.django_db(transaction=True)

ERASED = MORNING
"""Nine on 2 April in Tunis; the next change of keys is due at three in UTC on 3 April."""
NIGHT = ERASED + timedelta(hours=19)


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(world):
    return make_user(Role.DPO)


def erase(person, world, grade=Grade.ERASE_ALL):
    return withdraw(respondent=person, grade=grade, mode=Mode.PHONE, by=world.coordinator, now=ERASED)


def sentences(reader, now):
    return [wait.sentence for wait in waits_for(reader, now) if "final" in wait.sentence]


def test_the_receipt_of_an_erasure_says_by_when_it_is_final(world):
    receipt = erase(world.person(), world)

    assert receipt.final_by == ERASED.replace(day=3, hour=15)


def test_the_receipt_of_a_stop_says_nothing_of_it(world):
    assert erase(world.person(), world, Grade.STOP).final_by is None


def test_the_page_of_an_erased_person_says_that_it_is_not_final_yet_and_then_since_when_it_is(world, client):
    person = world.person()
    erase(person, world)
    signed_in(client, world.coordinator)
    url = reverse("casework:respondent", args=[person.pk])

    before = client.get(url).content.decode()
    rotating.rotate(Run(lambda: NIGHT))
    after = client.get(url).content.decode()

    assert "expected by 3 April 2026" in before
    assert "Final since 3 April 2026" in after


def test_the_page_of_somebody_who_was_not_erased_says_nothing_of_it(world):
    assert page_of(world.person(), reader=world.coordinator, now=ERASED).finality is None


def test_an_erasure_that_is_late_in_becoming_final_waits_for_the_officer_and_for_nobody_else(world, officer):
    erase(world.person(), world)
    late = ERASED.replace(day=3, hour=15, minute=1)

    assert sentences(officer, late - timedelta(hours=1)) == []
    assert sentences(officer, late) == ["1 erasure should be final by now: the keys were not changed."]
    assert sentences(world.coordinator, late) == []


def test_an_erasure_that_is_final_waits_for_nobody(world, officer):
    erase(world.person(), world)
    rotating.rotate(Run(lambda: NIGHT))

    assert sentences(officer, ERASED + timedelta(days=9)) == []


def test_the_trail_names_the_keys_whose_destruction_makes_an_erasure_final(world):
    from audit.actions import Action
    from audit.models import AuditEvent

    erase(world.person(), world)

    [named] = AuditEvent.objects.get(action=Action.RESPONDENT_ERASED).detail["final_after"]
    current = KekState.objects.get(state=KekStatus.CURRENT)
    assert named == bytes(current.kek_id).hex(":")
