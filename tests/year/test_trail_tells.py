"""What the trail has to tell so that it can be reconciled with itself: each end of a claim, a sitting, a follow-up."""

from datetime import timedelta

import pytest

from audit.actions import Action
from audit.models import AuditEvent
from consent.models import Mode
from followups import holding
from followups.calling import unsafe
from followups.models.restraints import HoldKind
from followups.stopping import stop_contact
from followups.ticking.tick import tick
from tests.followups.making import MORNING, OPENS, claim, dial, owed_to, ring

pytestmark = pytest.mark.django_db

LEASE = timedelta(minutes=30)


def told(action):
    return [one.detail for one in AuditEvent.objects.filter(action=action).order_by("id")]


def test_a_claim_says_on_what_and_until_when_and_its_running_out_is_named_once(world):
    world.person_ready_at()
    claimed = claim(world.enumerator, MORNING)

    tick(MORNING + LEASE)
    tick(MORNING + LEASE)

    said = {"follow_up": str(claimed.follow_up_id), "lease_until": (MORNING + LEASE).isoformat()}
    assert told(Action.CLAIMED) == [said]
    assert told(Action.CLAIM_EXPIRED) == [{"which": [str(claimed.pk)]}]


def test_a_lease_that_the_next_claim_finds_over_is_named_too(world):
    world.person_ready_at()
    claimed = claim(world.enumerator, MORNING)

    claim(world.enumerator, MORNING + LEASE)

    assert told(Action.CLAIM_EXPIRED) == [{"which": [str(claimed.pk)]}]


def test_windows_that_open_are_named_once(world):
    person = world.person()

    tick(OPENS)
    tick(OPENS)

    assert told(Action.FOLLOW_UP_OPENED) == [{"which": [str(owed_to(person).pk)]}]


def test_windows_that_close_are_counted_and_named_by_reason(world):
    person = world.person()
    tick(OPENS)
    row = owed_to(person)

    tick(row.closes_at)

    assert told(Action.FOLLOW_UP_MISSED) == [{"window_closed": 1, "which": {"window_closed": [str(row.pk)]}}]


def test_a_follow_up_that_is_cancelled_says_why(world):
    person = world.person()
    row = owed_to(person)

    stop_contact(respondent=person, mode=Mode.PHONE, by=None, now=MORNING)
    stop_contact(respondent=person, mode=Mode.PHONE, by=None, now=MORNING)

    [event] = AuditEvent.objects.filter(action=Action.FOLLOW_UP_CANCELLED)
    assert (event.object_id, event.audit_ref) == (row.pk, person.audit_ref)
    assert event.detail == {"round": 1, "outcome": "withdrawn"}


def test_a_sitting_that_the_unsafe_button_ends_has_a_trace_even_if_the_person_is_held_already(world):
    person = world.person_ready_at()
    claimed = claim(world.enumerator, MORNING)
    ring(dial(claimed, MORNING).dial, MORNING)
    holding.place(
        respondent=person, kind=HoldKind.SAFETY, until=None, review_at=MORNING, by=None, now=MORNING
    )

    unsafe.press(claim_id=claimed.pk, by=world.enumerator, now=MORNING + timedelta(minutes=1))
    unsafe.press(claim_id=claimed.pk, by=world.enumerator, now=MORNING + timedelta(minutes=2))

    [event] = AuditEvent.objects.filter(action=Action.UNSAFE_PRESSED)
    assert (event.object_id, event.detail) == (claimed.pk, {"is_outcome": True})


def test_a_yes_says_when_it_was_said_and_until_when_it_stands(world):
    world.person()

    for said in told(Action.CONSENT_GRANTED):
        assert set(said) == {"purpose", "mode", "language", "said", "until"}
        assert said["said"] < said["until"]


def test_a_hold_says_until_when_and_one_without_an_end_says_nothing(world):
    person = world.person()
    tomorrow = MORNING + timedelta(days=1)

    for until in (tomorrow, None):
        holding.place(
            respondent=person, kind=HoldKind.PAUSE, until=until, review_at=None, by=None, now=MORNING
        )

    assert told(Action.HOLD_PLACED) == [{"kind": "pause", "until": tomorrow.isoformat()}, {"kind": "pause"}]
