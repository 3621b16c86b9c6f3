from dataclasses import replace
from datetime import timedelta

import pytest

from followups.scheduling.hard_filters import RULES, is_callable, refusals, refusals_for
from followups.scheduling.number_rules import usable_numbers
from followups.scheduling.reasons import Reason, Refusal
from followups.scheduling.safe_times import SafeRules
from followups.scheduling.situation import (
    FollowUpState,
    Hold,
    HoldKind,
    LiveClaim,
    Permission,
    Reconnection,
    RespondentStatus,
    Standing,
)
from tests.followups.scheduling.people import (
    AMINA,
    BRUK,
    FOURTH,
    GRANTED,
    NOON,
    NUMBER,
    PERSON,
    SECOND,
    THIRD,
    caller,
    firm,
    number,
    person,
    soft,
    tried,
)
from tracker.number_status import NumberStatus
from tracker.stages import Stage

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def reasons(situation, at=NOON):
    return [refusal.reason for refusal in refusals(situation, at)]


def test_somebody_with_everything_in_order_may_be_called():
    assert refusals(person(), NOON) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"respondent_status": RespondentStatus.WITHDRAWN}, Refusal(Reason.WITHDRAWN)),
        ({"respondent_status": RespondentStatus.DECEASED}, Refusal(Reason.DECEASED)),
        ({"respondent_status": RespondentStatus.ERASED}, Refusal(Reason.ERASED)),
        (
            {"recontact": Permission(Standing.NEVER_ASKED)},
            Refusal(Reason.RECONTACT_NOT_PERMITTED, detail="never_asked"),
        ),
        (
            {"keep_number": Permission(Standing.WITHDRAWN)},
            Refusal(Reason.KEEP_NUMBER_NOT_PERMITTED, detail="withdrawn"),
        ),
        (
            {"recontact": Permission(Standing.GRANTED, NOON)},
            Refusal(Reason.RECONTACT_NOT_PERMITTED, detail="expired"),
        ),
        ({"state": FollowUpState.MISSED}, Refusal(Reason.FOLLOW_UP_OVER, detail="missed")),
        ({"stage": Stage.DETAINED}, Refusal(Reason.STAGE_NOT_CALLED, detail="detained")),
        ({"stage": Stage.CROSSING}, Refusal(Reason.STAGE_NOT_CALLED, detail="crossing")),
        ({"stage": Stage.UNKNOWN}, Refusal(Reason.TRACING_ONLY, detail="unknown")),
        ({"holds": (Hold(HoldKind.SAFETY, None),)}, Refusal(Reason.ON_HOLD, detail="safety")),
        (
            {"holds": (Hold(HoldKind.REFUSAL, NOON + 7 * DAYS),)},
            Refusal(Reason.ON_HOLD, NOON + 7 * DAYS, "refusal"),
        ),
        ({"window": None}, Refusal(Reason.NOT_PLANNED)),
        ({"numbers": ()}, Refusal(Reason.NO_DIALABLE_NUMBER)),
        ({"dialled": frozenset({NUMBER})}, Refusal(Reason.SITTING_OVER)),
        ({"not_before": NOON + HOURS}, Refusal(Reason.RESTING, NOON + HOURS)),
        ({"claim": LiveClaim(AMINA, NOON + HOURS)}, Refusal(Reason.CLAIMED, NOON + HOURS)),
    ],
)
def test_each_rule_says_why_and_until_when(changes, expected):
    assert refusals(person(**changes), NOON) == (expected,)


def test_a_lost_person_may_be_traced():
    assert is_callable(person(stage=Stage.UNKNOWN, is_tracing=True), NOON)


def test_before_the_window_the_opening_is_waited_for_and_after_it_nothing_is():
    early, late = NOON - 5 * DAYS - MINUTES, NOON + 14 * DAYS

    assert refusals(person(), early) == (Refusal(Reason.WINDOW_NOT_OPEN, NOON - 5 * DAYS),)
    assert refusals(person(), late) == (Refusal(Reason.WINDOW_CLOSED),)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": NumberStatus.WRONG_PERSON},
        {"status": NumberStatus.UNSAFE},
        {"is_barred": True},
        {"may_call": False},
    ],
)
def test_a_number_that_is_wrong_unsafe_barred_or_not_agreed_is_not_dialled(changes):
    assert reasons(person(numbers=(number(**changes),))) == [Reason.NO_DIALABLE_NUMBER]


def test_outside_the_hours_the_next_safe_time_on_their_clock_is_waited_for():
    evening = NOON + 8 * HOURS  # 21:00 in Tunis

    assert refusals(person(), evening) == (Refusal(Reason.OUTSIDE_SAFE_TIMES, NOON + 19 * HOURS),)


def test_somebody_with_no_safe_time_at_all_is_not_called_and_no_time_is_promised():
    never = person(numbers=(number(safe=SafeRules(days=frozenset())),))

    assert refusals(never, NOON) == (Refusal(Reason.OUTSIDE_SAFE_TIMES),)


def test_attempts_are_three_hours_apart():
    attempt = tried(NOON - 2 * HOURS)

    assert refusals(person(attempts=(attempt,)), NOON) == (Refusal(Reason.SPACING, NOON + HOURS),)
    assert is_callable(person(attempts=(attempt,)), NOON + HOURS)


def test_two_attempts_in_a_day_are_enough_whatever_study_they_were_for():
    attempts = (tried(NOON - 23 * HOURS, this_round=False), tried(NOON - 4 * HOURS, this_round=False))

    assert refusals(person(attempts=attempts), NOON) == (Refusal(Reason.DAY_CAP, NOON + HOURS),)


def test_five_attempts_in_seven_days_are_enough():
    attempts = tuple(tried(NOON - hours * HOURS, this_round=False) for hours in (160, 130, 100, 70, 30))

    assert refusals(person(attempts=attempts), NOON) == (Refusal(Reason.WEEK_CAP, NOON + 8 * HOURS),)


def test_an_attempt_that_cannot_have_rung_is_no_burden():
    silent = tuple(tried(NOON - minutes * MINUTES, rang=False) for minutes in (10, 20, 30, 40, 50, 60, 70))

    assert is_callable(person(attempts=silent), NOON)


def six_in_this_round():
    return tuple(tried(NOON - days * DAYS) for days in (12, 11, 10, 9, 8, 2))


def test_the_cap_of_the_round_ends_it():
    assert refusals(person(attempts=six_in_this_round()), NOON) == (Refusal(Reason.ROUND_CAP),)


def test_a_call_back_asked_for_in_the_last_attempt_may_be_one_above_the_cap():
    asked_for = firm(NOON, asked_at=NOON - 2 * DAYS + 5 * MINUTES)
    called_back = (*six_in_this_round(), tried(NOON))

    assert is_callable(person(attempts=six_in_this_round(), appointment=asked_for), NOON)
    assert Reason.ROUND_CAP in reasons(person(attempts=called_back, appointment=asked_for), NOON + 4 * HOURS)


def test_a_call_back_asked_for_before_the_last_attempt_is_not_above_the_cap():
    asked_for = firm(NOON, asked_at=NOON - 9 * DAYS)

    assert reasons(person(attempts=six_in_this_round(), appointment=asked_for)) == [Reason.ROUND_CAP]


def half_an_hour_later(**changes):
    asked_at = NOON - 30 * MINUTES
    return person(attempts=(tried(asked_at - 5 * MINUTES),), appointment=firm(NOON, asked_at), **changes)


def test_call_me_in_half_an_hour_is_honoured():
    assert is_callable(half_an_hour_later(), NOON)
    assert is_callable(half_an_hour_later(not_before=NOON + DAYS), NOON)


def test_a_firm_appointment_is_kept_within_fifteen_minutes():
    waiting = half_an_hour_later()

    assert reasons(waiting, NOON - 16 * MINUTES) == [Reason.SPACING, Reason.WAITING_FOR_APPOINTMENT]
    assert is_callable(waiting, NOON - 15 * MINUTES)
    assert is_callable(waiting, NOON + 14 * MINUTES)
    assert reasons(waiting, NOON + 15 * MINUTES) == [Reason.SPACING]


def test_a_soft_appointment_is_kept_within_its_period():
    asked_for = soft(NOON, NOON + 2 * HOURS, asked_at=NOON - HOURS)
    waiting = person(attempts=(tried(NOON - HOURS),), appointment=asked_for)

    assert Reason.WAITING_FOR_APPOINTMENT in reasons(waiting, NOON - MINUTES)
    assert is_callable(waiting, NOON)
    assert reasons(waiting, NOON + 119 * MINUTES) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"respondent_status": RespondentStatus.WITHDRAWN}, Reason.WITHDRAWN),
        ({"recontact": Permission(Standing.WITHDRAWN)}, Reason.RECONTACT_NOT_PERMITTED),
        ({"holds": (Hold(HoldKind.SAFETY, None),)}, Reason.ON_HOLD),
        ({"stage": Stage.DETAINED}, Reason.STAGE_NOT_CALLED),
        ({"numbers": (number(safe=SafeRules(days=frozenset({6}))),)}, Reason.OUTSIDE_SAFE_TIMES),
        ({"numbers": (number(is_barred=True),)}, Reason.NO_DIALABLE_NUMBER),
    ],
)
def test_an_appointment_never_beats_withdrawal_holds_stages_or_safe_times(changes, reason):
    assert reason in reasons(half_an_hour_later(**changes))


def test_an_appointment_is_not_exempt_from_the_day_and_week_caps():
    twice = (tried(NOON - 5 * HOURS), tried(NOON - 35 * MINUTES))
    five = tuple(tried(NOON - days * DAYS - HOURS) for days in (6, 5, 4, 3, 2))

    assert reasons(replace(half_an_hour_later(), attempts=twice)) == [Reason.DAY_CAP]
    assert reasons(replace(half_an_hour_later(), attempts=five)) == [Reason.WEEK_CAP]


def test_a_dropped_call_is_reconnected_once_when_that_was_agreed():
    dropped = person(
        attempts=(tried(NOON - 10 * MINUTES),), reconnection=Reconnection(NOON - MINUTES, NOON + HOURS)
    )
    again = replace(
        dropped, attempts=(*dropped.attempts, tried(NOON)), limits=replace(dropped.limits, per_day=9)
    )

    assert is_callable(dropped, NOON)
    assert reasons(again, NOON + 5 * MINUTES) == [Reason.SPACING]


def test_a_shared_number_tires_for_everyone_who_shares_it():
    shared = number(dials=(NOON - 20 * HOURS, NOON - 4 * HOURS))

    assert refusals(person(numbers=(shared,)), NOON) == (Refusal(Reason.NUMBER_BURDEN, NOON + 4 * HOURS),)


def test_a_second_number_is_dialled_when_the_first_is_tired_or_not_safe_now():
    tired = number(dials=(NOON - 20 * HOURS, NOON - 4 * HOURS))
    sundays = number(SECOND, safe=SafeRules(days=frozenset({6})))
    third = number(THIRD, NumberStatus.UNVERIFIED)

    situation = person(numbers=(tired, sundays, third))

    assert [one.id for one in usable_numbers(situation, NOON)] == [THIRD]
    assert is_callable(situation, NOON)


def test_a_sitting_dials_each_number_once_and_three_at_most():
    four = tuple(number(id) for id in (NUMBER, SECOND, THIRD, FOURTH))

    assert [one.id for one in usable_numbers(person(numbers=four), NOON)] == [NUMBER, SECOND, THIRD]
    after_two = person(numbers=four, dialled=frozenset({NUMBER, SECOND}))
    assert [one.id for one in usable_numbers(after_two, NOON)] == [THIRD]
    after_three = person(numbers=four, dialled=frozenset({NUMBER, SECOND, THIRD}))
    assert usable_numbers(after_three, NOON) == ()
    assert reasons(after_three) == [Reason.SITTING_OVER]


def test_all_reasons_are_told_and_in_the_order_of_the_rules():
    situation = person(
        recontact=Permission(Standing.EXPIRED),
        stage=Stage.DETAINED,
        holds=(Hold(HoldKind.DETENTION, NOON + 30 * DAYS),),
        attempts=(tried(NOON),),
    )

    assert reasons(situation) == [
        Reason.RECONTACT_NOT_PERMITTED,
        Reason.STAGE_NOT_CALLED,
        Reason.ON_HOLD,
        Reason.SPACING,
    ]
    assert len({rule.reason for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("changes", "caller_changes", "expected"),
    [
        ({"barred_callers": frozenset({AMINA})}, {}, Reason.CALLER_BARRED),
        ({"language": "so"}, {}, Reason.LANGUAGE_NOT_SPOKEN),
        ({"caller_gender": "female"}, {"gender": "male"}, Reason.GENDER_NOT_WANTED),
        ({"caller_gender": "female"}, {"gender": None}, Reason.GENDER_NOT_WANTED),
        ({"team_id": SECOND}, {"teams": frozenset({THIRD})}, Reason.OTHER_TEAM),
        ({"refused_to": frozenset({AMINA})}, {}, Reason.ANOTHER_CALLER_AFTER_REFUSAL),
        ({}, {"is_on_shift": False}, Reason.CALLER_NOT_ON_SHIFT),
        ({}, {"claim_on": FOURTH}, Reason.CALLER_HAS_ANOTHER_CLAIM),
    ],
)
def test_a_caller_who_does_not_suit_is_refused_with_the_reason(changes, caller_changes, expected):
    found = refusals_for(person(**changes), caller(**caller_changes), NOON)

    assert found == (Refusal(expected),)


def test_a_caller_who_suits_may_call():
    wish = person(caller_gender="female", team_id=SECOND, barred_callers=frozenset({BRUK}))

    assert refusals_for(wish, caller(teams=frozenset({SECOND})), NOON) == ()


def test_the_holder_of_the_claim_may_go_on_and_nobody_else():
    claimed = person(claim=LiveClaim(AMINA, NOON + HOURS))

    assert refusals_for(claimed, caller(id=AMINA, claim_on=PERSON), NOON) == ()
    assert refusals_for(claimed, caller(id=BRUK), NOON) == (Refusal(Reason.CLAIMED, NOON + HOURS),)
    assert refusals_for(claimed, caller(id=BRUK), NOON + HOURS) == ()


def test_consent_is_good_until_the_moment_it_expires():
    expiring = person(keep_number=Permission(Standing.GRANTED, NOON + HOURS), recontact=GRANTED)

    assert is_callable(expiring, NOON + HOURS - timedelta(microseconds=1))
    assert not is_callable(expiring, NOON + HOURS)
