import pytest

from followups.dispositions import DISPOSITIONS, FinalCode, disposition, final_code
from followups.scheduling.outcomes import FollowUpOutcome, Letter, follow_up_after
from followups.scheduling.priority import PriorityClass
from followups.scheduling.situation import AppointmentKind, HoldKind
from kernel.errors import DomainError
from tracker.number_status import NumberStatus, is_dialable


def outcomes(*codes):
    return [disposition(code) for code in codes]


def test_the_outcomes_of_the_method_are_all_there():
    assert set(DISPOSITIONS) >= {
        "completed", "partial", "hard_refusal", "soft_refusal", "break_off", "other_answered", "no_answer", "busy",
        "switched_off", "technical", "callback_firm", "callback_soft", "not_now", "wrong_number", "not_working",
        "unsafe", "language", "deceased", "unable", "detained", "minor", "supervisor",
    }  # fmt: skip


def test_an_unknown_outcome_is_refused_with_a_sentence():
    with pytest.raises(DomainError) as refused:
        disposition("nonsense")

    assert refused.value.code == "unknown_outcome"


@pytest.mark.parametrize(
    ("code", "minutes"),
    [("no_answer", 180), ("busy", 180), ("switched_off", 1200), ("technical", 1200), ("soft_refusal", 10080)],
)
def test_the_delays_are_those_of_the_method(code, minutes):
    assert disposition(code).delay_minutes == minutes


def test_only_what_cannot_have_rung_is_no_burden():
    silent = {code for code, one in DISPOSITIONS.items() if not one.counts_as_burden}

    assert silent == {"switched_off", "not_connected", "not_working", "disconnected", "out_of_service"}


def test_a_hard_refusal_stops_everything():
    refusal = disposition("hard_refusal")

    assert refusal.ends_contact
    assert refusal.is_final


def test_a_soft_refusal_rests_a_week_and_a_second_one_closes():
    refusal = disposition("soft_refusal")

    assert (refusal.hold.kind, refusal.hold.days) == (HoldKind.REFUSAL, 7)
    assert follow_up_after(refusal, outcomes("no_answer")) is FollowUpOutcome.RESTING
    assert follow_up_after(refusal, outcomes("break_off", "no_answer")) is FollowUpOutcome.CLOSES


def test_unsafe_is_never_automatic():
    unsafe = disposition("unsafe")

    assert (unsafe.hold.kind, unsafe.hold.days, unsafe.needs_review) == (HoldKind.SAFETY, None, True)


def test_somebody_said_to_be_detained_is_held_for_thirty_days_and_then_reviewed():
    detained = disposition("detained")

    assert (detained.hold.kind, detained.hold.days, detained.needs_review) == (HoldKind.DETENTION, 30, True)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("wrong_number", NumberStatus.WRONG_PERSON),
        ("not_working", NumberStatus.NON_WORKING),
        ("disconnected", NumberStatus.DISCONNECTED),
        ("number_changed", NumberStatus.CHANGED),
        ("unsafe_number", NumberStatus.UNSAFE),
    ],
)
def test_a_dead_wrong_or_unsafe_number_is_not_dialled_again(code, status):
    assert disposition(code).number_effect is status
    assert not is_dialable(status)


def test_only_call_backs_need_an_appointment():
    needs = {code: one.needs_appointment for code, one in DISPOSITIONS.items() if one.needs_appointment}

    assert needs == {"callback_firm": AppointmentKind.FIRM, "callback_soft": AppointmentKind.SOFT}


def test_a_partial_is_resumed_before_others_and_busy_before_no_answer():
    assert disposition("partial").priority is PriorityClass.PARTIAL_TO_RESUME
    assert (
        disposition("busy").priority
        < disposition("other_answered").priority
        < disposition("no_answer").priority
    )


@pytest.mark.parametrize("one", DISPOSITIONS.values(), ids=lambda one: one.code)
def test_every_outcome_says_what_it_is_and_closing_ones_carry_a_letter(one):
    assert str(one.label)
    assert str(one.help).endswith(".")
    assert one.letter is not None or not one.is_final


@pytest.mark.parametrize(
    ("codes", "aapor", "letter"),
    [
        (["soft_refusal", "completed"], "1.1", Letter.COMPLETE),
        (["partial", "hard_refusal"], "1.2", Letter.PARTIAL),
        (["hard_refusal", "deceased"], "2.112b", Letter.REFUSAL),
        (["minor", "deceased"], "2.31", Letter.OTHER),
        (["soft_refusal", "minor"], "4.70", Letter.NOT_ELIGIBLE),
        (["soft_refusal", "no_answer", "no_answer"], "2.112a", Letter.REFUSAL),
        (["soft_refusal", "unable"], "2.112a", Letter.REFUSAL),
        (["break_off", "no_answer"], "2.12", Letter.REFUSAL),
        (["not_now", "language"], "2.333", Letter.OTHER),
        (["detained"], "2.35", Letter.OTHER),
        (["not_now", "no_answer"], "2.90", Letter.OTHER),
        (["unsafe"], "2.90", Letter.OTHER),
        (["callback_firm", "no_answer"], "2.21", Letter.NON_CONTACT),
        (["other_answered", "no_answer"], "2.21", Letter.NON_CONTACT),
        (["no_answer", "busy"], "2.20", Letter.NON_CONTACT),
    ],
)
def test_the_first_match_gives_the_final_code_and_refusal_sticks(codes, aapor, letter):
    assert final_code(outcomes(*codes), any_working_route=True) == FinalCode(aapor, letter)


def test_without_a_working_route_nobody_was_located():
    assert final_code(outcomes("not_working"), any_working_route=False) == FinalCode("3.90", Letter.UNKNOWN)


def test_of_two_equal_outcomes_the_last_counts():
    assert final_code(outcomes("soft_refusal", "break_off"), any_working_route=True).aapor == "2.12"


def test_somebody_never_tried_is_reported_apart():
    assert final_code([], any_working_route=True) == FinalCode("3.11", Letter.UNKNOWN)


def test_a_withdrawal_outside_a_call_is_a_refusal_unless_the_interview_was_made():
    assert final_code(outcomes("no_answer"), True, has_withdrawn=True) == FinalCode("2.112", Letter.REFUSAL)
    assert final_code(outcomes("completed"), True, has_withdrawn=True).letter is Letter.COMPLETE


def test_somebody_who_died_before_the_round_is_not_eligible_for_it():
    assert final_code([], any_working_route=True, died_before_round=True).letter is Letter.NOT_ELIGIBLE
