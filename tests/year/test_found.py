"""What the observer found once: rest is counted from the ring, and a yes in a call stands as long as the study says."""

from datetime import timedelta

import pytest

from consent import asking
from consent.purposes import Purpose
from followups.calling.heard import Heard
from tests.followups.making import MORNING, World, call, claim, dial, make_ready, ring, tell

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_rest_counts_from_the_ring_and_not_from_an_order_that_was_cancelled(world):
    person = world.person_ready_at()
    claimed = claim(world.enumerator, MORNING)
    dial(claimed, MORNING)
    rang = ring(dial(claimed, MORNING + 70 * MINUTE).dial, MORNING + 70 * MINUTE)
    tell(rang.attempt, "no_answer", MORNING + 72 * MINUTE)
    make_ready(person, MORNING + 181 * MINUTE)

    assert claim(world.enumerator, MORNING + 181 * MINUTE) is None


def test_a_yes_in_a_call_stands_as_long_as_the_study_says(db):
    world = World(consent_valid_days=30)
    person = world.person_ready_at()

    call(world.enumerator, Heard("completed", interview=True, recontact=True), MORNING)

    stands = asking.consents(person.pk, now=MORNING + MINUTE * 10).of(Purpose.RECONTACT)
    assert stands.expires_at == MORNING + timedelta(days=30)
