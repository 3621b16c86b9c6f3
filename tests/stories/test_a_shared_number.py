"""Two respondents on one number, one of whom says never call this number."""

from datetime import timedelta

import pytest

from followups.models import Dial
from tests.followups.making import MORNING, call, claim, dial, make_ready, reasons, ring
from tracker import reaching
from tracker.models import ContactPoint
from vault.providers import file

pytestmark = pytest.mark.django_db
SHARED = "+447700900555"
LATER = MORNING + timedelta(minutes=30)


@pytest.fixture
def first(world):
    return world.person_ready_at(MORNING, numbers=(SHARED,), language="en")


@pytest.fixture
def other(world):
    """Speaks another language, so that it is plain who is claimed."""
    world.french = world.caller(languages=("fr",))
    return world.person_ready_at(MORNING, numbers=(SHARED,), language="fr")


@pytest.mark.parametrize("outcome", ["unsafe_number", "wrong_number"])
def test_what_one_says_of_the_number_holds_at_once_for_the_other(world, first, other, outcome):
    call(world.enumerator, outcome, MORNING)

    assert claim(world.french, LATER) is None
    assert ContactPoint.objects.harmful().count() == 2


def test_never_call_this_number_stops_a_claim_that_was_made_before(world, first, other):
    claimed = claim(world.french, MORNING)
    reaching.bar_number(contact_point=first.contact_points.get(), by=world.coordinator, now=MORNING)

    ordered = dial(claimed, LATER - timedelta(minutes=5))

    assert reasons(ordered.refusals) == ["no_dialable_number"]
    assert not Dial.objects.exists()


def test_a_bar_that_came_while_the_vault_was_locked_holds_for_the_other_at_the_next_dial(
    world, first, other, vault_locked
):
    claimed = claim(world.french, MORNING)
    vault_locked()
    reaching.bar_number(contact_point=first.contact_points.get(), by=world.coordinator, now=MORNING)
    file.unlock()
    assert not other.contact_points.get().is_barred

    ordered = dial(claimed, LATER - timedelta(minutes=5))

    assert reasons(ordered.refusals) == ["no_dialable_number"]
    make_ready(other, MORNING)
    assert claim(world.french, LATER) is None


def test_a_number_that_rang_twice_today_for_one_does_not_ring_for_the_other(world, first, other):
    call(world.enumerator, "no_answer", MORNING)
    make_ready(first, MORNING + timedelta(hours=4))
    call(world.enumerator, "no_answer", MORNING + timedelta(hours=4))
    make_ready(other, MORNING + timedelta(hours=5))

    assert claim(world.french, MORNING + timedelta(hours=5)) is None
    make_ready(other, MORNING + timedelta(hours=24, minutes=5))
    assert claim(world.french, MORNING + timedelta(hours=24, minutes=5)) is not None


def test_an_order_for_a_number_that_is_barred_before_it_is_placed_is_cancelled(world, first, other, settings):
    settings.GATEWAY = "console"
    dialled = dial(claim(world.french, MORNING), MORNING).dial
    reaching.bar_number(contact_point=first.contact_points.get(), by=world.coordinator, now=MORNING)

    dialled = ring(dialled, MORNING + timedelta(seconds=5))

    assert (dialled.state, dialled.counts_as_burden) == ("cancelled", False)
