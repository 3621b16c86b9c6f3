"""Dialling, showing one number, and bridging: asked again at the moment, once, and never kept."""

import json
import logging
from datetime import timedelta

import pytest

from audit.actions import Action
from audit.models import AuditEvent
from followups import gateways
from followups.calling import delivering, dialling, revealing
from followups.gateways import CallOrder, Placed
from followups.gateways.simulated.answers import SILENT
from followups.models import Attempt, Claim, Dial, FollowUp
from followups.models.claims import ClaimEnd
from tests.followups.making import MORNING, claim, dial, reasons, refused, ring, tell
from tracker import reaching
from tracker.models import ContactPoint
from tracker.number_status import NumberStatus

pytestmark = pytest.mark.django_db
NUMBER = "+447700900111"
SECOND_NUMBER = "+447700900222"


def seconds(n):
    return MORNING + timedelta(seconds=n)


@pytest.fixture
def claimed(world):
    world.person_ready_at(MORNING, numbers=(NUMBER, SECOND_NUMBER))
    return claim(world.enumerator, MORNING)


# --- Ordering -------------------------------------------------------------------------------------------------


def test_a_dial_extends_the_claim_to_the_longest_interview_and_half_an_hour(world, claimed):
    dial(claimed, MORNING)

    claimed.refresh_from_db()
    assert claimed.expires_at - MORNING == timedelta(minutes=world.study.longest_interview_minutes + 30)


def test_the_same_request_sent_twice_gives_the_same_dial_and_leaves_the_other_number_alone(claimed):
    first = dial(claimed, MORNING)

    second = dial(claimed, seconds(5))

    assert second.dial == first.dial
    assert Dial.objects.count() == 1


def test_a_request_sent_again_after_the_minute_rings_nobody(claimed):
    ring(dial(claimed, MORNING).dial, MORNING)

    ordered = dial(claimed, seconds(61))

    assert (ordered.dial, ordered.refusals) == (None, ())
    assert Dial.objects.count() == 1


def test_what_a_number_gave_is_written_down_before_the_next_one_is_dialled(claimed):
    first = ring(dial(claimed, MORNING).dial, MORNING)

    second = dial(claimed, seconds(20), after=first, gave="wrong_number").dial

    first.refresh_from_db()
    assert (first.result, first.counts_as_burden) == ("wrong_number", True)
    assert ContactPoint.objects.get(pk=first.contact_point_id).status == NumberStatus.WRONG_PERSON
    assert ContactPoint.objects.get(pk=second.contact_point_id).status == NumberStatus.UNVERIFIED


def test_a_number_that_cannot_have_rung_is_no_burden_to_whoever_has_it(claimed):
    first = ring(dial(claimed, MORNING).dial, MORNING)

    dial(claimed, seconds(20), after=first, gave="switched_off")

    first.refresh_from_db()
    assert not first.counts_as_burden


def test_each_number_is_dialled_once_in_a_sitting(claimed):
    first = ring(dial(claimed, MORNING).dial, MORNING)
    second = ring(dial(claimed, seconds(20), after=first).dial, seconds(20))

    third = dial(claimed, seconds(40), after=second)

    assert first.contact_point_id != second.contact_point_id
    assert reasons(third.refusals) == ["sitting_over"]
    assert Claim.objects.live(seconds(41)).exists()


def test_three_numbers_at_most_are_dialled_in_a_sitting(world):
    world.person_ready_at(MORNING, numbers=tuple(f"+4477009001{n}0" for n in range(5)))
    claimed, last = claim(world.enumerator, MORNING), None
    for n in range(3):
        last = ring(dial(claimed, seconds(n * 20), after=last).dial, seconds(n * 20))

    assert reasons(dial(claimed, seconds(60), after=last).refusals) == ["sitting_over"]


def test_a_number_given_twice_is_rung_once(world):
    world.person_ready_at(MORNING, numbers=(NUMBER, NUMBER))
    claimed = claim(world.enumerator, MORNING)
    first = ring(dial(claimed, MORNING).dial, MORNING)

    ordered = dial(claimed, seconds(20), after=first)

    assert ordered.dial is None


def test_what_is_refused_opens_nothing_ends_the_claim_and_is_in_the_trail(world, claimed):
    claimed.respondent.contact_points.update(unsafe_from="09:00", unsafe_until="10:00")

    ordered = dial(claimed, seconds(5))

    claimed.refresh_from_db()
    assert reasons(ordered.refusals) == ["outside_safe_times"]
    assert claimed.ended == ClaimEnd.NOT_CALLABLE
    assert not Dial.objects.exists()
    refusal = AuditEvent.objects.get(action=Action.DIAL_REFUSED)
    assert (refusal.outcome, refusal.reason) == ("refused", "outside_safe_times")
    assert not AuditEvent.objects.filter(action=Action.NUMBER_REVEALED).exists()


def test_a_lease_that_is_over_cannot_be_dialled(claimed):
    with refused("claim_expired"):
        dial(claimed, MORNING + timedelta(minutes=30))


def test_a_colleagues_claim_cannot_be_dialled_nor_found(world, claimed):
    with refused("no_such_call"):
        dialling.order(claim_id=claimed.pk, by=world.caller(), now=MORNING)


def test_a_number_that_became_wrong_while_the_first_rang_is_not_dialled_next(world, claimed):
    first = ring(dial(claimed, MORNING).dial, MORNING)
    second = ContactPoint.objects.exclude(pk=first.contact_point_id).get()
    reaching.mark_status(
        contact_point=second, status=NumberStatus.WRONG_PERSON, by=world.coordinator, now=MORNING
    )

    assert dial(claimed, seconds(20), after=first).dial is None


# --- Showing the number ---------------------------------------------------------------------------------------


def test_one_number_is_shown_for_a_minute_and_the_look_is_in_the_trail(world, claimed):
    dialled = dial(claimed, MORNING).dial

    shown = revealing.reveal(dial=dialled, by=world.enumerator, now=MORNING)

    assert (shown.number, shown.until) == (NUMBER, seconds(60))
    event = AuditEvent.objects.get(action=Action.NUMBER_REVEALED)
    assert (event.actor_id, event.object_id) == (world.enumerator.pk, dialled.pk)
    assert AuditEvent.objects.filter(action=Action.IDENTITY_OPENED, outcome="done").exists()


def test_after_a_lost_connection_the_same_number_is_shown_until_its_minute_is_over(world, claimed):
    dialled = dial(claimed, MORNING).dial
    first = revealing.reveal(dial=dialled, by=world.enumerator, now=MORNING)

    again = revealing.reveal(dial=dialled, by=world.enumerator, now=seconds(59))

    assert (again.number, again.until) == (first.number, first.until)
    assert AuditEvent.objects.filter(action=Action.NUMBER_REVEALED).count() == 2
    with refused("order_too_old"):
        revealing.reveal(dial=dialled, by=world.enumerator, now=seconds(60))


def test_an_order_older_than_half_a_minute_shows_nothing_and_the_number_can_be_ordered_again(world, claimed):
    dialled = dial(claimed, MORNING).dial

    with refused("order_too_old"):
        revealing.reveal(dial=dialled, by=world.enumerator, now=seconds(30))
    again = dial(claimed, seconds(31)).dial

    assert again.pk != dialled.pk
    assert again.contact_point_id == dialled.contact_point_id
    assert Dial.objects.get(pk=dialled.pk).state == "cancelled"


def test_nobody_else_is_shown_the_number_of_a_dial(world, claimed):
    dialled = dial(claimed, MORNING).dial

    with refused("order_too_old"):
        revealing.reveal(dial=dialled, by=world.caller(), now=MORNING)


def test_a_look_that_consent_forbids_shows_nothing_and_stays_in_the_trail(world, claimed):
    from consent import recording
    from consent.folding import Decision
    from consent.models import Mode
    from consent.purposes import Purpose

    dialled = dial(claimed, MORNING).dial
    person = claimed.respondent
    no = recording.Said(Purpose.KEEP_NUMBER, Decision.WITHDRAWN, Mode.PHONE, "en", seconds(1))
    recording.record(respondent_id=person.pk, audit_ref=person.audit_ref, said=no, by=None, now=seconds(1))

    with refused("no_consent"):
        revealing.reveal(dial=dialled, by=world.enumerator, now=seconds(2))

    assert not AuditEvent.objects.filter(action=Action.NUMBER_REVEALED).exists()
    assert AuditEvent.objects.filter(action=Action.IDENTITY_OPENED, outcome="refused").exists()


def test_the_number_is_in_no_repr_no_log_and_no_table(world, claimed, caplog):
    caplog.set_level(logging.DEBUG)
    dialled = dial(claimed, MORNING).dial

    shown = revealing.reveal(dial=dialled, by=world.enumerator, now=MORNING)

    digits = NUMBER.removeprefix("+")
    assert digits not in repr(shown)
    assert digits not in caplog.text
    for model in (Dial, Attempt, Claim, FollowUp, AuditEvent, ContactPoint):
        assert digits not in json.dumps([str(row) for row in model.objects.values()])


# --- Bridged gateways -----------------------------------------------------------------------------------------


class Phone:
    """A gateway that remembers what it was asked to ring; `before_ringing` is what happens on the way."""

    name = "console"
    reveals = False

    def __init__(self):
        self.rung = []

    def place(self, order: CallOrder, open_number):
        self.rung.append(open_number())
        return Placed(may_have_rung=True)


@pytest.fixture
def phone(settings, monkeypatch):
    settings.GATEWAY = "console"
    phone = Phone()
    monkeypatch.setitem(gateways._GATEWAYS, "console", phone)
    return phone


def test_an_order_is_placed_once_however_often_it_is_delivered(phone, claimed):
    dialled = dial(claimed, MORNING).dial

    for n in range(3):
        delivering.deliver(dial_id=dialled.pk, now=seconds(n))

    assert phone.rung == [NUMBER]
    assert Dial.objects.get().state == "placed"


def test_an_order_that_waited_half_a_minute_is_cancelled_and_never_rings(phone, claimed):
    dialled = dial(claimed, MORNING).dial

    delivering.deliver(dial_id=dialled.pk, now=seconds(30))
    delivering.cancel_old(now=seconds(30))
    delivering.deliver(dial_id=dialled.pk, now=seconds(31))

    assert phone.rung == []
    assert Dial.objects.get().state == "cancelled"


def test_a_double_click_on_a_bridged_call_rings_once_and_not_the_second_number(phone, claimed):
    for n in (0, 1):
        delivering.deliver(dial_id=dial(claimed, seconds(n)).dial.pk, now=seconds(n))

    assert phone.rung == [NUMBER]


def test_a_number_barred_between_order_and_ring_does_not_ring_though_there_is_another(phone, world, claimed):
    dialled = dial(claimed, MORNING).dial
    point = ContactPoint.objects.get(pk=dialled.contact_point_id)
    reaching.bar_number(contact_point=point, by=world.coordinator, now=seconds(1))

    delivering.deliver(dial_id=dialled.pk, now=seconds(2))

    assert phone.rung == []
    assert Dial.objects.get().state == "cancelled"


def test_a_dial_that_becomes_unsafe_between_order_and_ring_does_not_ring(phone, claimed):
    dialled = dial(claimed, MORNING).dial
    claimed.respondent.contact_points.update(unsafe_from="09:00", unsafe_until="10:00")

    delivering.deliver(dial_id=dialled.pk, now=seconds(2))

    assert phone.rung == []


def test_an_order_whose_number_cannot_be_opened_is_cancelled_and_no_burden(phone, claimed, vault_locked):
    dialled = dial(claimed, MORNING).dial
    vault_locked()

    with refused("vault_locked"):
        delivering.deliver(dial_id=dialled.pk, now=seconds(2))

    dialled.refresh_from_db()
    assert (dialled.state, dialled.counts_as_burden) == ("cancelled", False)


def test_the_simulator_answers_the_same_for_the_same_dial_and_says_who_was_never_rung(settings, claimed):
    settings.GATEWAY = "simulator"
    dialled = dial(claimed, MORNING).dial
    order = CallOrder(dialled.pk, "K7Q2-9M4X", dialled.ordered_at)

    first, again = (gateways.in_use().place(order, lambda: NUMBER) for _ in range(2))

    assert first == again
    assert ring(dialled, seconds(1)).result == first.result
    assert first.may_have_rung == (first.result not in SILENT)
    assert gateways.practice.listen(dialled.pk).outcome == first.result


def test_the_console_says_which_code_it_rings_and_never_which_number(settings, claimed, caplog):
    settings.GATEWAY = "console"
    caplog.set_level(logging.INFO)

    ring(dial(claimed, MORNING).dial, MORNING)

    assert claimed.respondent.spoken_code in caplog.text
    assert "447700" not in caplog.text


# --- Burden ---------------------------------------------------------------------------------------------------


def test_a_first_number_that_rang_is_a_burden_although_the_second_was_switched_off(claimed):
    first = ring(dial(claimed, MORNING).dial, MORNING)
    second = ring(dial(claimed, seconds(20), after=first).dial, seconds(20))

    tell(second.attempt, "switched_off", seconds(40))

    assert Attempt.objects.get().counts_as_burden
    assert not Dial.objects.get(pk=second.pk).counts_as_burden
