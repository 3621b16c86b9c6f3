"""Recording what came of a call: once, late or not, and all that follows from it."""

from datetime import timedelta

import pytest

from audit.actions import Action
from audit.models import AuditEvent
from consent import asking
from consent.models import LedgerEntry
from consent.purposes import Purpose
from followups.calling import unsafe
from followups.calling.heard import CallBack, Heard, Journey
from followups.dispositions import offered
from followups.models import Appointment, Attempt, BarredEnumerator, Claim, FollowUp, Hold
from followups.models.claims import ClaimEnd
from followups.models.follow_ups import Ended, State
from followups.models.restraints import AppointmentState, HoldKind
from followups.scheduling.situation import AppointmentKind
from followups.ticking.tick import tick
from tests.factories import make_study
from tests.followups.making import (
    MORNING,
    call,
    claim,
    dial,
    enrol_again,
    make_ready,
    owed_to,
    refused,
    ring,
    tell,
)
from tracker.models import Respondent
from tracker.stages import Stage

pytestmark = pytest.mark.django_db
SOON = MORNING + timedelta(minutes=5)
YES = Heard("completed", interview=True)


@pytest.fixture
def person(world):
    return world.person_ready_at(MORNING)


@pytest.fixture
def attempt(world, person):
    return ring(dial(claim(world.enumerator, MORNING), MORNING).dial, MORNING).attempt


def test_the_same_outcome_sent_twice_is_taken_once(attempt, person):
    first, second = tell(attempt, YES, SOON), tell(attempt, YES, SOON + timedelta(seconds=2))

    assert (first.was_known, second.was_known) == (False, True)
    assert AuditEvent.objects.filter(action=Action.OUTCOME_RECORDED).count() == 1
    assert FollowUp.objects.of(person).count() == 2
    assert LedgerEntry.objects.filter(respondent_id=person.pk, purpose=Purpose.INTERVIEW).count() == 2


def test_another_outcome_sent_afterwards_changes_nothing(attempt):
    tell(attempt, YES, SOON)

    tell(attempt, "hard_refusal", SOON)

    assert Attempt.objects.get().disposition == "completed"


def test_an_outcome_after_the_lease_is_kept_as_a_late_attempt(attempt, person):
    tick(MORNING + timedelta(hours=2))

    recorded = tell(attempt, YES, MORNING + timedelta(hours=3))

    assert recorded.is_late
    assert (Attempt.objects.get().is_late, Attempt.objects.get().disposition) == (True, "completed")
    done = FollowUp.objects.get(round_number=1)
    assert (done.state, done.closed_at, done.is_late) == (State.DONE, MORNING, False)
    assert AuditEvent.objects.filter(action=Action.LATE_OUTCOME_KEPT).count() == 1


def test_an_outcome_after_somebody_elses_claim_is_kept_and_the_other_cannot_dial_any_more(
    world, attempt, person
):
    at = MORNING + timedelta(hours=4)
    make_ready(person, at)
    other = claim(world.caller(), at)

    recorded = tell(attempt, YES, at + timedelta(minutes=1))

    assert recorded.is_late
    ordered = dial(other, at + timedelta(minutes=2))
    assert ordered.refusals[0].reason == "follow_up_over"


def test_an_outcome_after_the_window_was_missed_completes_it_and_moves_what_was_planned(attempt, person):
    row = owed_to(person)
    tick(row.closes_at + timedelta(hours=1))

    tell(attempt, YES, row.closes_at + timedelta(hours=2))

    row.refresh_from_db()
    assert (row.state, row.ended) == (State.DONE, "")
    assert owed_to(person).round_number == 2
    assert (owed_to(person).due_at - MORNING).days == 59


def test_a_colleagues_call_cannot_be_recorded_nor_found(world, attempt):
    from followups.calling import recording

    with refused("no_such_call"):
        recording.record(attempt_id=attempt.pk, heard=YES, by=world.caller(), now=SOON)


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        (Heard("completed"), "interview_not_agreed"),
        (Heard("completed", interview=False), "interview_not_agreed"),
        (Heard("partial"), "interview_not_agreed"),
        (Heard("callback_firm"), "call_back_missing"),
        (Heard("flown_to_the_moon"), "unknown_outcome"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(attempt, heard, code):
    with refused(code):
        tell(attempt, heard, SOON)

    attempt.refresh_from_db()
    assert attempt.recorded_at is None
    assert Claim.objects.live(SOON).exists()


def test_a_call_back_outside_the_window_is_refused(attempt, person):
    at = owed_to(person).closes_at + timedelta(hours=10)

    with refused("call_back_outside"):
        tell(
            attempt,
            Heard("callback_firm", call_back=CallBack(AppointmentKind.FIRM, at, at + timedelta(minutes=15))),
            SOON,
        )


def test_a_language_without_approved_words_cannot_take_a_yes(world, attempt, person):
    Respondent.objects.filter(pk=person.pk).update(language="ti")

    with refused("wording_missing"):
        tell(attempt, YES, SOON)


def test_every_outcome_can_be_recorded_and_leaves_the_whole_in_order(world):
    at = MORNING + timedelta(hours=1)
    for outcome in offered(to_trusted=False):
        code = outcome.code
        person = world.person_ready_at(MORNING)
        person_claim = claim(world.enumerator, MORNING)
        wanted = CallBack(AppointmentKind.FIRM, at, at + timedelta(minutes=15))
        heard = Heard(
            code,
            interview=True if code in ("completed", "partial") else None,
            call_back=wanted if outcome.needs_appointment else None,
        )
        attempt = dial(person_claim, MORNING).dial.attempt

        recorded = tell(attempt, heard, SOON)

        person_claim.refresh_from_db()
        assert person_claim.ended == ClaimEnd.OUTCOME, code
        assert recorded.attempt.aapor == outcome.aapor
        if outcome.ends_contact:
            assert not FollowUp.objects.of(person).unfinished().exists()
        else:
            assert FollowUp.objects.of(person).unfinished().count() == 1
        FollowUp.objects.of(person).live().update(state=State.RESTING, ready_from=None, ready_until=None)


@pytest.mark.parametrize(
    ("code", "kind", "days"),
    [
        ("soft_refusal", HoldKind.REFUSAL, 7),
        ("unsafe", HoldKind.SAFETY, None),
        ("detained", HoldKind.DETENTION, 30),
        ("supervisor", HoldKind.REVIEW, None),
    ],
)
def test_outcomes_that_ask_for_care_hold_the_person(attempt, person, code, kind, days):
    tell(attempt, code, SOON)

    hold = Hold.objects.get(respondent=person)
    assert hold.kind == kind
    assert hold.until == (SOON + timedelta(days=days) if days else None)


def test_a_second_refusal_in_a_round_closes_the_round(world, person, attempt):
    tell(attempt, "soft_refusal", SOON)
    later = MORNING + timedelta(days=8)
    make_ready(person, later)

    call(world.caller(), "soft_refusal", later)

    row = FollowUp.objects.get(round_number=1)
    assert (row.state, row.ended, row.letter) == (State.CANCELLED, Ended.REFUSED, "R")
    assert owed_to(person).round_number == 2


@pytest.mark.parametrize(
    ("code", "status", "ended"),
    [
        ("hard_refusal", "stopped", Ended.WITHDRAWN),
        ("deceased", "deceased", Ended.DECEASED),
        ("minor", "ineligible", Ended.INELIGIBLE),
    ],
)
def test_outcomes_that_end_contact_end_it_everywhere_at_once(world, attempt, person, code, status, ended):
    other_study = make_study(team=world.team, by=world.coordinator)
    enrol_again(person, other_study)

    tell(attempt, code, SOON)

    assert Respondent.objects.get(pk=person.pk).status == status
    assert set(FollowUp.objects.of(person).values_list("state", "ended")) == {(State.CANCELLED, ended)}
    assert not asking.permits(person.pk, Purpose.RECONTACT, now=SOON)


def test_an_interview_with_a_no_to_being_called_again_counts_and_ends_contact(attempt, person):
    tell(attempt, Heard("completed", interview=True, recontact=False), SOON)

    [row] = FollowUp.objects.of(person)
    assert (row.state, row.letter) == (State.DONE, "I")
    assert Respondent.objects.get(pk=person.pk).status == "stopped"


def test_a_yes_to_being_called_again_renews_both_purposes_for_a_year(attempt, person):
    tell(attempt, Heard("completed", interview=True, recontact=True), SOON)

    stands = asking.consents(person.pk, now=SOON)
    assert {stands.of(one).expires_at for one in (Purpose.RECONTACT, Purpose.KEEP_NUMBER)} == {
        MORNING + timedelta(days=365)
    }


def test_whom_the_person_would_rather_not_speak_to_is_barred_and_no_longer_usual(world, attempt, person):
    tell(attempt, Heard("not_now", bars_caller=True), SOON)

    assert BarredEnumerator.objects.filter(respondent=person, enumerator=world.enumerator).exists()
    assert Respondent.objects.get(pk=person.pk).usual_enumerator is None


def test_who_reached_them_first_becomes_the_usual_enumerator(world, attempt, person):
    Respondent.objects.filter(pk=person.pk).update(usual_enumerator=None)

    tell(attempt, "not_now", SOON)

    assert Respondent.objects.get(pk=person.pk).usual_enumerator == world.enumerator


def test_somebody_detained_is_held_and_what_was_owed_ends(attempt, person):
    tell(attempt, Heard("not_now", journey=Journey(Stage.DETAINED)), SOON)

    [row] = FollowUp.objects.of(person)
    assert (row.state, row.ended) == (State.CANCELLED, Ended.NOT_CALLABLE_STAGE)
    assert Hold.objects.get(respondent=person).kind == HoldKind.DETENTION


def test_a_move_recorded_since_the_call_stands_when_the_outcome_comes_late(world, attempt, person):
    from casework.moving import move_stage

    moved_at = MORNING + timedelta(hours=1)
    move_stage(
        respondent=Respondent.objects.get(pk=person.pk), stage=Stage.SETTLED, country="", zone="", at=moved_at,
        by=world.coordinator, now=moved_at,
    )  # fmt: skip

    tell(attempt, Heard("no_answer", journey=Journey(Stage.IN_TRANSIT)), MORNING + timedelta(hours=3))

    assert Respondent.objects.get(pk=person.pk).stage == "settled"
    assert Attempt.objects.get().disposition == "no_answer"


def test_an_outcome_for_somebody_erased_meanwhile_is_kept_and_plans_nothing(world, attempt, person):
    from accounts.permissions import Role
    from casework.receipts import Grade
    from casework.withdrawing import withdraw
    from consent.models import Mode
    from tests.factories import make_user

    withdraw(respondent=person, grade=Grade.ERASE_ALL, mode=Mode.PHONE, by=make_user(Role.DPO), now=MORNING)

    recorded = tell(attempt, Heard("not_now", journey=Journey(Stage.SETTLED)), SOON)

    assert recorded.attempt.disposition == "not_now"
    assert not FollowUp.objects.of(person).unfinished().exists()


def test_a_number_found_unsafe_during_the_call_stays_so_whatever_the_call_gave(world, attempt, person):
    from casework.correcting import Learned, set_aside

    point = person.contact_points.select_related("respondent").get()
    set_aside(contact_point=point, learned=Learned.UNSAFE, by=world.coordinator, now=MORNING)

    tell(attempt, "switched_off", SOON)

    assert person.contact_points.get().status == "unsafe"


def test_a_kept_appointment_is_kept_and_a_new_word_replaces_the_old_one(world, attempt, person):
    first, second = MORNING + timedelta(hours=1), MORNING + timedelta(hours=26)
    for_first = CallBack(AppointmentKind.FIRM, first, first + timedelta(minutes=15))
    for_second = CallBack(AppointmentKind.FIRM, second, second + timedelta(minutes=15))
    tell(attempt, Heard("callback_firm", call_back=for_first), SOON)
    tick(first)

    call(world.enumerator, Heard("callback_firm", call_back=for_second), first)

    states = list(Appointment.objects.order_by("starts_at").values_list("state", flat=True))
    assert states == [AppointmentState.KEPT, AppointmentState.OPEN]


def test_an_appointment_ends_with_the_interview_it_was_made_for(world, attempt, person):
    later = MORNING + timedelta(hours=30)
    tell(
        attempt,
        Heard(
            "callback_firm", call_back=CallBack(AppointmentKind.FIRM, later, later + timedelta(minutes=15))
        ),
        SOON,
    )
    from followups.calling import late

    held_at = MORNING + timedelta(hours=2)
    late.complete_late(follow_up=owed_to(person), held_at=held_at, by=world.enumerator, now=held_at)

    assert Appointment.objects.get().state == AppointmentState.CANCELLED


# --- Unsafe ---------------------------------------------------------------------------------------------------


def test_unsafe_ends_the_call_and_holds_the_person_until_somebody_has_looked(world, person, attempt):
    pressed = unsafe.press(claim_id=attempt.claim_id, by=world.enumerator, now=SOON)

    assert pressed
    hold = Hold.objects.get(respondent=person)
    assert (hold.kind, hold.until) == (HoldKind.SAFETY, None)
    assert (Attempt.objects.get().disposition, Attempt.objects.get().aapor) == ("unsafe", "2.90")
    make_ready(person, MORNING + timedelta(days=3))
    assert claim(world.enumerator, MORNING + timedelta(days=3)) is None


def test_unsafe_twice_holds_once(world, person, attempt):
    unsafe.press(claim_id=attempt.claim_id, by=world.enumerator, now=SOON)

    assert not unsafe.press(claim_id=attempt.claim_id, by=world.enumerator, now=SOON)
    assert Hold.objects.count() == 1


def test_unsafe_that_arrives_after_the_lease_still_holds(world, person, attempt):
    assert unsafe.press(claim_id=attempt.claim_id, by=world.enumerator, now=MORNING + timedelta(hours=9))


def test_unsafe_works_with_the_vault_locked(world, person, attempt, vault_locked):
    vault_locked()

    assert unsafe.press(claim_id=attempt.claim_id, by=world.enumerator, now=SOON)


def test_unsafe_on_a_colleagues_claim_does_nothing(world, person, attempt):
    assert not unsafe.press(claim_id=attempt.claim_id, by=world.caller(), now=SOON)
    assert not Hold.objects.exists()
