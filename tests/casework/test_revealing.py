"""The exceptional reveal: with a reason, five a day, and never against what a person said."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from accounts import breaking_glass
from accounts.models import User
from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from casework import correcting, revealing, withdrawing
from casework.correcting import Learned
from casework.receipts import Grade
from consent import recording
from consent.folding import Decision
from consent.models import Mode
from consent.purposes import Purpose
from consent.recording import Said
from followups import holding
from followups.models import Hold
from followups.models.restraints import HoldKind
from kernel import clock
from kernel.errors import DomainError
from reports.digest import digest
from tests.factories import make_respondent, make_study, make_team, make_user
from tracker.models import ContactPoint, Respondent
from tracker.stages import Stage

pytestmark = pytest.mark.django_db

NUMBER = "+447700900123"
REASON = "They asked for a call back about the place of a shelter."


@pytest.fixture
def now():
    return clock.now()


def somebody(study, team, now, **said):
    return make_respondent(study=study, team=team, now=now, numbers=(NUMBER,), **said)


@pytest.fixture
def respondent(study, team, now):
    return somebody(study, team, now)


def point_of(respondent):
    return ContactPoint.objects.select_related("respondent").get(respondent=respondent)


def reveal(respondent, by, now, reason=REASON):
    return revealing.reveal(contact_point=point_of(respondent), reason=reason, by=by, now=now)


def refusal_of(respondent, by, now, **rest):
    with pytest.raises(DomainError) as refusal:
        reveal(respondent, by, now, **rest)
    return refusal.value.code


def shown(outcome="done"):
    return AuditEvent.objects.filter(action=Action.NUMBER_SHOWN, outcome=outcome)


def test_the_reason_is_in_the_trail_and_the_number_is_not(respondent, coordinator, now):
    assert reveal(respondent, coordinator, now).number == NUMBER
    event = shown().get()
    assert (event.actor_id, event.audit_ref, event.reason) == (coordinator.pk, respondent.audit_ref, REASON)
    assert not AuditEvent.objects.filter(detail__icontains="7700900").exists()


def test_the_number_does_not_show_in_what_is_printed_of_it(respondent, coordinator, now):
    assert NUMBER not in repr(reveal(respondent, coordinator, now))


def test_the_trace_comes_before_the_number(respondent, coordinator, now, vault_locked):
    reveal(respondent, coordinator, now)
    opened, told = (
        AuditEvent.objects.get(action=action).pk for action in (Action.IDENTITY_OPENED, Action.NUMBER_SHOWN)
    )
    assert told < opened


@pytest.mark.parametrize("role", [Role.ENUMERATOR, Role.DPO, Role.FOCAL_POINT, Role.ADMINISTRATOR])
def test_nobody_but_a_coordinator_sees_a_number_so(role, respondent, team, now):
    assert refusal_of(respondent, make_user(role, team=team), now) == "not_yours"
    assert not shown().exists()


@pytest.mark.parametrize(
    ("reason", "code"),
    [("because", "reason_not_worded"), (f"Their number is {NUMBER}, I think", "reason_with_number")],
)
def test_a_reason_that_is_none_shows_nothing(reason, code, respondent, coordinator, now):
    assert refusal_of(respondent, coordinator, now, reason=reason) == code
    assert not shown().exists()


def test_the_sixth_number_in_a_day_is_refused_and_the_refusal_is_in_the_trail(respondent, coordinator, now):
    for minute in range(5):
        reveal(respondent, coordinator, now + timedelta(minutes=minute))
    assert refusal_of(respondent, coordinator, now + timedelta(hours=23)) == "too_many_reveals"
    assert shown().count() == 5
    assert shown("refused").get().detail == {"why": "too_many_reveals"}


def test_what_was_refused_uses_up_none_of_the_five(respondent, coordinator, now):
    hold = holding.place(
        respondent=respondent, kind=HoldKind.PAUSE, until=None, review_at=now, by=coordinator, now=now
    )
    for _each in range(5):
        assert refusal_of(respondent, coordinator, now) == "on_hold"
    Hold.objects.filter(pk=hold.pk).update(lifted_at=now, lifted_by=coordinator)
    assert reveal(respondent, coordinator, now).number == NUMBER


def test_a_day_later_there_are_numbers_again(respondent, coordinator, now):
    for _each in range(5):
        reveal(respondent, coordinator, now)
    assert reveal(respondent, coordinator, now + timedelta(hours=24)).number == NUMBER


def test_one_coordinator_s_five_are_not_another_s(respondent, coordinator, team, now):
    for _each in range(5):
        reveal(respondent, coordinator, now)
    assert reveal(respondent, make_user(Role.COORDINATOR, team=team), now).number == NUMBER


@pytest.mark.parametrize("purpose", [Purpose.RECONTACT, Purpose.KEEP_NUMBER])
def test_consent_that_was_taken_back_shows_nothing(purpose, respondent, coordinator, now):
    no = Said(purpose=purpose, decision=Decision.WITHDRAWN, mode=Mode.PHONE, language="en", at=now)
    recording.record(
        respondent_id=respondent.pk, audit_ref=respondent.audit_ref, said=no, by=coordinator, now=now
    )
    assert refusal_of(respondent, coordinator, now) == "no_consent"
    assert not shown().exists()


def test_consent_that_is_over_shows_nothing(respondent, coordinator, now):
    assert refusal_of(respondent, coordinator, now + timedelta(days=800)) == "no_consent"


def test_somebody_who_stopped_is_left_alone(respondent, coordinator, now):
    withdrawing.withdraw(respondent=respondent, grade=Grade.STOP, mode=Mode.PHONE, by=coordinator, now=now)
    assert refusal_of(respondent, coordinator, now) == "not_taking_part"
    assert not shown().exists()


@pytest.mark.parametrize("kind", list(HoldKind))
def test_somebody_on_hold_is_left_alone(kind, respondent, coordinator, now):
    holding.place(respondent=respondent, kind=kind, until=None, review_at=now, by=coordinator, now=now)
    assert refusal_of(respondent, coordinator, now) == "on_hold"


def test_somebody_detained_is_left_alone(study, team, coordinator, now):
    held = somebody(study, team, now)
    Respondent.objects.filter(pk=held.pk).update(stage=Stage.DETAINED.value)
    assert refusal_of(held, coordinator, now) == "on_hold"


@pytest.mark.parametrize("learned", list(Learned))
def test_a_number_that_is_not_to_be_dialled_is_not_shown(learned, respondent, coordinator, now):
    correcting.set_aside(contact_point=point_of(respondent), learned=learned, by=coordinator, now=now)
    Hold.objects.all().update(lifted_at=now, lifted_by=coordinator)
    assert refusal_of(respondent, coordinator, now) == "number_not_usable"
    assert not shown().exists()


def test_a_locked_vault_shows_nothing_and_counts_nothing(respondent, coordinator, now, vault_locked):
    vault_locked()
    assert refusal_of(respondent, coordinator, now) == "vault_locked"
    assert not shown().exists()


def test_a_team_that_is_only_lent_does_not_lend_its_numbers(respondent, team, now):
    other = make_team(country="LY")
    asker, second = make_user(Role.COORDINATOR, team=other), make_user(Role.COORDINATOR, team=team)
    asked = breaking_glass.ask(team=team, reason=REASON, minutes=30, by=asker, now=now)
    breaking_glass.approve(asked=asked, by=second, now=now)
    reader = User.objects.get(pk=asker.pk)
    assert team.pk in reader.team_ids
    assert refusal_of(respondent, reader, now) == "lent_only"


def test_the_officer_s_digest_counts_it(respondent, coordinator, now):
    reveal(respondent, coordinator, now)
    told = {line.action: line for line in digest(now)}[Action.NUMBER_SHOWN]
    assert (told.in_a_day, told.needs_a_look) == (1, True)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_make_six():
    now = clock.now()
    team = make_team(country="TN")
    respondent = somebody(make_study(team=team), team, now)
    coordinator = make_user(Role.COORDINATOR, team=team)
    for _each in range(4):
        reveal(respondent, coordinator, now)
    racers = 4
    start = Barrier(racers, timeout=60)

    def run(_n):
        try:
            start.wait()
            return reveal(respondent, User.objects.get(pk=coordinator.pk), now).number
        except DomainError as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(racers) as pool:
        answers = sorted(pool.map(run, range(racers)))
    assert answers == [NUMBER, "too_many_reveals", "too_many_reveals", "too_many_reveals"]
    assert shown().count() == 5
