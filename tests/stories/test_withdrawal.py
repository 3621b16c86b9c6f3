"""A person withdraws at the worst moment, and is not called."""

from datetime import timedelta

import pytest

from audit.actions import Action
from audit.models import AuditEvent
from casework.receipts import Grade
from casework.withdrawing import withdraw
from consent import asking
from consent.models import Mode
from consent.purposes import Purpose
from followups.calling.heard import Heard
from followups.models import Attempt, Dial, FollowUp
from followups.models.claims import ClaimEnd
from followups.models.follow_ups import Ended, State
from followups.ticking.tick import tick
from kernel.errors import DomainError
from tests.followups.making import MORNING, OPENS, claim, dial, make_ready, refused, ring, tell
from tracker.models import Respondent
from vault.providers import file

pytestmark = pytest.mark.django_db
SOON = MORNING + timedelta(minutes=2)


def stop(world, person, now=MORNING + timedelta(minutes=1)):
    return withdraw(respondent=person, grade=Grade.STOP, mode=Mode.MESSAGE, by=world.coordinator, now=now)


def test_after_a_withdrawal_between_claim_and_dial_nothing_is_dialled_and_nothing_is_callable(world):
    person = world.person_ready_at(MORNING)
    claimed = claim(world.enumerator, MORNING)

    stop(world, person)

    with refused("contact_ended"):
        dial(claimed, SOON)
    claimed.refresh_from_db()
    assert claimed.ended == ClaimEnd.WITHDRAWN
    assert not Dial.objects.exists()
    assert not AuditEvent.objects.filter(action=Action.NUMBER_REVEALED).exists()
    assert claim(world.enumerator, SOON) is None
    [over] = FollowUp.objects.of(person)
    assert (over.state, over.ended) == (State.CANCELLED, Ended.WITHDRAWN)
    tick(OPENS + timedelta(days=400))
    assert not FollowUp.objects.of(person).unfinished().exists()


def test_a_withdrawal_that_reached_only_the_ledger_refuses_the_dial_and_leaves_a_trace(world):
    """The rules ask the ledger itself, so it does not matter by which way the no arrived there."""
    from consent import recording
    from consent.folding import Decision

    person = world.person_ready_at(MORNING)
    claimed = claim(world.enumerator, MORNING)
    no = recording.Said(Purpose.RECONTACT, Decision.WITHDRAWN, Mode.MESSAGE, "en", MORNING)
    recording.record(respondent_id=person.pk, audit_ref=person.audit_ref, said=no, by=None, now=SOON)

    ordered = dial(claimed, SOON)

    assert ordered.dial is None
    assert ordered.refusals[0].reason == "recontact_not_permitted"
    assert not Attempt.objects.exists()
    assert AuditEvent.objects.get(action=Action.DIAL_REFUSED).reason == "recontact_not_permitted"
    assert claim(world.enumerator, SOON) is None


def test_a_number_on_show_is_not_shown_again_after_a_withdrawal(world):
    person = world.person_ready_at(MORNING)
    claimed = claim(world.enumerator, MORNING)
    ring(dial(claimed, MORNING).dial, MORNING)

    stop(world, person, MORNING + timedelta(seconds=20))

    with pytest.raises(DomainError):
        dial(claimed, MORNING + timedelta(seconds=30))
    assert AuditEvent.objects.filter(action=Action.NUMBER_REVEALED).count() == 1


def test_a_withdrawal_with_the_vault_locked_stands_once_it_is_open_again(world, vault_locked):
    person = world.person_ready_at(MORNING)
    claimed = claim(world.enumerator, MORNING)
    vault_locked()

    stop(world, person)
    file.unlock()

    assert Respondent.objects.get(pk=person.pk).status == "stopped"
    assert not asking.permits(person.pk, Purpose.RECONTACT, now=SOON)
    with refused("contact_ended"):
        dial(claimed, SOON)
    make_ready(person, MORNING)
    assert claim(world.enumerator, SOON) is None


def test_nobody_is_dialled_while_the_vault_is_locked_and_the_claim_is_kept(world, vault_locked):
    world.person_ready_at(MORNING)
    claimed = claim(world.enumerator, MORNING)
    vault_locked()

    with pytest.raises(DomainError):
        dial(claimed, SOON)

    assert not Dial.objects.exists()
    file.unlock()
    assert dial(claimed, SOON).dial is not None


def test_a_yes_from_a_call_before_the_withdrawal_does_not_give_permission_back_when_it_arrives_late(world):
    person = world.person_ready_at(MORNING)
    ordered = dial(claim(world.enumerator, MORNING), MORNING)
    stop(world, person, MORNING + timedelta(minutes=20))

    recorded = tell(
        ordered.dial.attempt,
        Heard("completed", interview=True, recontact=True),
        MORNING + timedelta(minutes=40),
    )

    assert recorded.is_late
    assert not asking.permits(person.pk, Purpose.RECONTACT, now=MORNING + timedelta(minutes=41))
    assert recorded.next_follow_up is None
    assert Attempt.objects.get().disposition == "completed"
