"""The observer can fail: a sound history satisfies it, and each promise broken in it is found by its own check."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from audit.actions import Action
from tests.year import observer
from tests.year.answer_key import BEGINNING, Diary, Imported, Line, Rows
from tests.year.planting import (
    AFTERNOON,
    AMINA,
    BEN,
    BENS,
    BENS_ROUND,
    CALLER,
    DAY,
    HOUR,
    LINE,
    LUNCH,
    MINUTE,
    NOON,
    NOT_THURSDAY,
    OTHER,
    ROUND,
    SHARED,
    Planted,
    sound,
    uid,
)

LATER = NOON + 5 * HOUR
"""The same day, well rested; six in the afternoon in Tunis."""


def test_a_sound_history_satisfies_the_observer():
    assert sound().checks() == set()


# --- Promise 1 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", ["recontact", "keep_number"])
def test_a_dial_after_a_purpose_was_withdrawn_is_found(purpose):
    year = sound()
    year.say(AMINA, purpose, False, LATER - MINUTE)
    year.call(LATER)
    assert year.checks() == {"P1 consent"}


def test_a_yes_that_was_said_before_the_no_and_arrived_after_it_does_not_count():
    year = sound()
    year.say(AMINA, "recontact", False, NOON + HOUR)
    year.say(AMINA, "recontact", True, NOON + 2 * HOUR, said=NOON)
    year.call(LATER)
    assert year.checks() == {"P1 consent"}


def test_a_yes_said_after_the_no_counts_again():
    year = sound()
    year.say(AMINA, "recontact", False, NOON + HOUR)
    year.say(AMINA, "recontact", True, NOON + 2 * HOUR)
    year.call(LATER)
    assert year.checks() == set()


def test_a_yes_runs_out_after_its_days():
    year = sound()
    year.key = replace(year.key, study=replace(year.key.study, consent_days=30))
    year.call(NOON + 4 * HOUR)
    assert year.checks() == {"P1 consent"}


def test_a_withdrawal_between_the_order_and_the_ring_is_found():
    year = sound()
    claim = year.claim(LATER)
    year.dial(claim, LATER + MINUTE, placed_at=LATER + 3 * MINUTE, revealed_at=None)
    year.say(AMINA, "recontact", False, LATER + 2 * MINUTE)
    assert "P1 consent" in year.checks()


def test_words_opened_without_consent_are_found_though_nothing_is_dialled():
    year = sound()
    year.say(AMINA, "recontact", False, NOON + HOUR)
    year.open(LATER, AMINA, LINE, opening="safe_phrase")
    assert year.checks() == {"P1 consent"}


@pytest.mark.parametrize(
    ("action", "detail"),
    [
        (Action.CONTACT_STOPPED, {"status": "stopped", "follow_ups": 1}),
        (Action.RESPONDENT_ERASED, {"grade": "erase_all"}),
    ],
)
def test_a_claim_after_contact_ended_is_found_even_if_nobody_dials(action, detail):
    year = sound()
    year.tell(action, NOON + HOUR, AMINA, detail=detail)
    year.claim(LATER)
    assert year.checks() == {"P1 ended"}


def test_a_dial_of_a_number_that_was_stopped_is_found_for_whoever_shares_it():
    year = sound()
    year.key = replace(year.key, stops={"one": NOON + HOUR})
    year.call(LATER, ref=BEN, point=SHARED, follow_up=BENS_ROUND)
    assert year.checks() == {"P1 stopped number"}


def test_those_who_came_in_a_list_have_agreed_as_the_list_says():
    year = Planted()
    came = Imported(NOON - DAY, NOON - 2 * DAY, "arrived")
    year.change(imported=came)
    year.tell(Action.FOLLOW_UP_OPENED, NOON - HOUR, detail={"which": [str(ROUND)]})
    year.call(NOON)
    assert year.checks() == set()
    year.change(imported=replace(came, purposes=frozenset({"recontact"})))
    assert year.checks() == {"P1 consent"}


# --- Promise 2 --------------------------------------------------------------------------------------------------------


def test_a_number_shown_for_no_dial_is_found():
    year = sound()
    year.tell(Action.NUMBER_REVEALED, LATER, AMINA, actor=CALLER, object_type="dial", object_id=uid(999))
    assert "P2 look" in year.checks()


def test_a_number_shown_after_the_lease_ran_out_is_found():
    year = sound()
    claim = year.claim(LATER - HOUR)
    year.dial(claim, LATER)
    assert "P2 look" in year.checks()


def test_a_number_shown_to_somebody_else_is_found():
    year = sound()
    claim = year.claim(LATER, by=OTHER)
    year.dial(claim, LATER + MINUTE, by=CALLER)
    assert "P2 look" in year.checks()


def test_the_number_of_another_person_is_found():
    year = sound()
    claim = year.claim(LATER)
    year.dial(claim, LATER + MINUTE, ref=BEN, point=BENS)
    assert "P2 look" in year.checks()


def test_showing_a_number_again_is_allowed_within_its_minute_and_not_after():
    year = sound()
    claim = year.claim(LATER)
    year.dial(claim, LATER, looks=2)
    assert year.checks() == set()
    dial = year.dials[-1].id
    year.open(LATER + 2 * MINUTE, AMINA, LINE)
    year.tell(Action.NUMBER_REVEALED, LATER + 2 * MINUTE, AMINA, actor=CALLER, object_id=dial)
    assert year.checks() == {"P2 once"}


def test_a_bridged_call_opens_its_number_once():
    year = sound()
    claim = year.claim(LATER)
    year.dial(claim, LATER, looks=2, revealed_at=None)
    assert year.checks() == {"P2 once"}


def test_a_dial_placed_without_its_trace_is_found():
    year = sound()
    claim = year.claim(LATER)
    year.dial(claim, LATER, looks=0)
    assert year.checks() == {"P2 trail first"}


def test_a_trace_that_comes_after_the_ring_is_found():
    year = sound()
    claim = year.claim(LATER)
    year.dial(claim, LATER, placed_at=LATER - MINUTE, revealed_at=LATER - MINUTE)
    assert "P2 trail first" in year.checks()


def test_a_number_opened_to_be_dialled_that_nobody_dialled_is_found():
    year = sound()
    year.open(LATER, AMINA, LINE)
    assert year.checks() == {"P2 opening"}


def test_a_number_shown_without_leave_asked_is_found():
    year = sound()
    year.events = [one for one in year.events if one.action != Action.IDENTITY_OPENED]
    assert year.checks() == {"P2 opening"}


def test_leave_that_was_asked_after_the_number_was_shown_is_found():
    year = sound()
    opened = next(one for one in year.events if one.action == Action.IDENTITY_OPENED)
    year.events = [replace(one, id=900) if one is opened else one for one in year.events]
    assert year.checks() == {"P2 trail first"}


@pytest.mark.parametrize(
    "detail",
    [{"note": "+44 7700 900123"}, {"which": ["07700900123"]}, {"deep": {"deeper": 447700900123}}],
)
def test_digits_shaped_like_a_number_are_found_however_deep_they_stand(detail):
    year = sound()
    year.tell(Action.TRAIL_READ, LATER, detail=detail)
    assert year.checks() == {"P2 plaintext"}


def test_days_instants_and_the_names_of_rows_are_no_numbers():
    year = sound()
    kept = {
        "due": "2026-04-02T12:00:00+00:00",
        "on": "2026-04-02",
        "row": "12345678-1234-4234-8234-123456789012",
    }
    year.tell(Action.TRAIL_READ, LATER, detail=kept)
    assert year.checks() == set()


# --- Promise 3 --------------------------------------------------------------------------------------------------------


def test_two_claims_on_one_person_at_once_are_found():
    year = sound()
    year.claim(LATER)
    year.claim(LATER + MINUTE, by=OTHER)
    assert year.checks() == {"P3 person"}


def test_two_claims_of_one_enumerator_at_once_are_found():
    year = sound()
    year.claim(LATER)
    year.claim(LATER + MINUTE, ref=BEN, follow_up=BENS_ROUND)
    assert year.checks() == {"P3 enumerator"}


def test_a_claim_that_ran_out_or_was_given_back_is_in_nobodys_way():
    year = sound()
    year.claim(LATER)
    given_back = year.claim(LATER + 30 * MINUTE, by=OTHER)
    year.tell(Action.CLAIM_RELEASED, LATER + 31 * MINUTE, AMINA, actor=OTHER, object_id=given_back)
    year.claim(LATER + 32 * MINUTE)
    assert year.checks() == set()


def test_two_people_dialling_one_person_at_once_are_found():
    year = sound()
    first, second = year.claim(LATER), year.claim(LATER + MINUTE, by=OTHER)
    year.dial(first, LATER + 2 * MINUTE)
    year.dial(second, LATER + 3 * MINUTE, by=OTHER)
    assert {"P3 dials", "P3 person"} <= year.checks()


# --- Promise 4 --------------------------------------------------------------------------------------------------------


def test_a_dial_without_a_trace_and_a_trace_without_a_dial_are_found():
    year = sound()
    lost = year.dials.pop()
    assert "P4 dial" in year.checks()
    year.dials = [lost, replace(lost, id=uid(998))]
    assert year.checks() == {"P4 stray"}


def test_a_dial_of_no_claim_is_found():
    year = sound()
    year.dial(uid(997), LATER)
    assert "P4 dial" in year.checks()


def test_an_outcome_taken_twice_is_found():
    year = sound()
    year.events.append(replace(year.events[-1], id=500))
    assert year.checks() == {"P4 sitting"}


def test_an_outcome_of_no_sitting_is_found():
    year = sound()
    claim = year.claim(LATER)
    year.record(uid(996), claim, LATER + MINUTE)
    assert year.checks() == {"P4 stray"}


def test_a_sitting_without_an_outcome_is_no_fault_and_is_counted():
    year = sound()
    claim = year.claim(LATER)
    year.dial(claim, LATER + MINUTE)
    assert year.checks(rows=Rows(sittings=2, sittings_without_outcome=1)) == set()
    assert year.checks(rows=Rows(sittings=2, sittings_without_outcome=0)) == {"P4 totals"}


def cancelled(year, reason="withdrawn", at=LATER):
    year.tell(Action.FOLLOW_UP_CANCELLED, at, AMINA, object_id=ROUND, detail={"outcome": reason})


def missed(year, at=LATER):
    closed = {"window_closed": 1, "which": {"window_closed": [str(ROUND)]}}
    year.tell(Action.FOLLOW_UP_MISSED, at, detail=closed)


def completed_outside(year, at):
    year.tell(
        Action.OUTCOME_RECORDED,
        at,
        AMINA,
        object_type="follow_up",
        object_id=ROUND,
        detail={"disposition": "completed"},
    )


def test_a_follow_up_that_ends_twice_is_found():
    year = sound()
    missed(year)
    cancelled(year)
    assert year.checks() == {"P4 follow-up"}


def test_a_follow_up_that_was_missed_may_be_completed_late():
    year = sound()
    missed(year)
    completed_outside(year, LATER + DAY)
    assert year.checks(Diary(2, 2, 1, 1, Counter(no_answer=1), interviews=1)) == set()
    assert year.checks(rows=Rows(done=1, missed=0, owed=1)) == set()


def test_a_follow_up_that_is_cancelled_without_a_reason_is_found():
    year = sound()
    cancelled(year, reason="")
    assert year.checks() == {"P4 follow-up"}


def test_a_follow_up_that_is_issued_twice_or_done_without_being_issued_is_found():
    year = sound()
    year.tell(Action.FOLLOW_UP_OPENED, LATER, detail={"which": [str(ROUND)]})
    assert year.checks() == {"P4 follow-up"}
    other = sound()
    other.events = [one for one in other.events if one.action != Action.FOLLOW_UP_OPENED]
    other.call(LATER, "completed")
    assert other.checks() == {"P4 follow-up"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"enrolled": 3}, {"followed": 1}, {"dials": 0}, {"sittings": 2}, {"outcomes": Counter(busy=1)},
        {"interviews": 1}, {"withdrawals": 1}, {"stops": 1}, {"erasures": 1}, {"moves": 1}, {"pauses": 1},
        {"handed_back": 1}, {"new_numbers": 1}, {"requests": 1},
    ],
)  # fmt: skip
def test_a_diary_that_tells_otherwise_is_found(wrong):
    right = Diary(enrolled=2, followed=2, dials=1, sittings=1, outcomes=Counter(no_answer=1))
    assert sound().checks(right) == set()
    assert sound().checks(replace(right, **wrong)) == {"P4 totals"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"respondents": 3}, {"sittings": 2}, {"outcomes": {"busy": 1}}, {"dials": 0}, {"dials_placed": 2},
        {"claims": 2}, {"issued": 1}, {"done": 1}, {"missed": 1}, {"cancelled": 1}, {"owed": 1}, {"holds": 1},
        {"erased": 1},
    ],
)  # fmt: skip
def test_rows_that_are_others_than_the_trail_tells_are_found(wrong):
    right = Rows(2, 1, 0, {"no_answer": 1}, 1, 1, 1, 2, 0, 0, 0, 2, 0, 0)
    assert sound().checks(rows=right) == set()
    assert sound().checks(rows=replace(right, **wrong)) == {"P4 totals"}


def test_withdrawals_are_counted_apart_from_what_ended_contact_in_a_call_or_by_a_stop():
    year = sound()
    ended = {"status": "stopped", "follow_ups": 0}
    claim = year.claim(LATER)
    attempt = year.dial(claim, LATER + MINUTE)
    year.tell(Action.CONTACT_STOPPED, LATER + 9 * MINUTE, AMINA, actor=CALLER, detail=ended)
    year.record(attempt, claim, LATER + 9 * MINUTE, "hard_refusal")
    year.tell(Action.CONTACT_STOPPED, LATER + HOUR, BEN, actor=CALLER, detail=ended)
    year.tell(Action.STOP_RECORDED, LATER + HOUR, actor=CALLER, detail={"by": "code"})
    year.tell(Action.CONTACT_STOPPED, LATER + 2 * HOUR, BEN, actor=CALLER, detail=ended)
    told = Diary(2, 2, 2, 2, Counter(no_answer=1, hard_refusal=1), withdrawals=1, stops=1)
    assert year.checks(told) == set()


# --- Promise 5 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hour", [6, 19, 23])
def test_a_dial_outside_the_hours_of_the_study_is_found_on_the_clock_of_the_person(hour):
    year = sound()
    year.call(NOON.replace(hour=hour) + DAY)
    assert year.checks() == {"P5 hours"}


def test_the_clock_they_told_us_of_counts_and_all_of_those_they_may_be_on():
    year = sound()
    year.change(clocks=((BEGINNING, "Africa/Tunis"), (NOON + DAY, "Asia/Kathmandu")))
    year.call(NOON + DAY - MINUTE)
    assert year.checks() == set()
    year.change(clocks=((BEGINNING, "Africa/Tunis"), (BEGINNING, "Pacific/Auckland")))
    assert year.checks() == {"P5 hours"}


@pytest.mark.parametrize("times", [AFTERNOON, LUNCH, NOT_THURSDAY])
def test_a_dial_out_of_what_they_called_safe_is_found(times):
    year = sound()
    year.safe(times)
    assert year.checks() == {"P5 hours"}


def test_what_they_changed_counts_from_then_on():
    year = sound()
    year.change(lines={LINE: Line("one", AFTERNOON, changes=((NOON - DAY, LUNCH), (NOON - HOUR, AFTERNOON)))})
    assert year.checks() == {"P5 hours"}
    year.change(lines={LINE: Line("one", AFTERNOON, changes=((NOON + HOUR, AFTERNOON),))})
    assert year.checks() == {"P5 hours"}


def test_a_line_that_nobody_gave_is_found():
    year = sound()
    year.change(lines={})
    assert year.checks() == {"P5 unknown line"}


def held(year, at, until=None):
    detail = {"kind": "pause"} | ({"until": until.isoformat()} if until else {})
    year.tell(Action.HOLD_PLACED, at, AMINA, object_id=uid(990), detail=detail)


def test_a_dial_under_a_hold_is_found_and_one_after_it_ended_is_not():
    year = sound()
    held(year, NOON + HOUR, until=NOON + 4 * HOUR)
    year.call(LATER)
    assert year.checks() == set()
    other = sound()
    held(other, NOON + HOUR, until=LATER + MINUTE)
    other.call(LATER)
    assert other.checks() == {"P5 hold"}


def test_a_hold_without_an_end_stands_until_it_is_lifted():
    year = sound()
    held(year, NOON + HOUR)
    year.call(LATER)
    assert year.checks() == {"P5 hold"}
    other = sound()
    held(other, NOON + HOUR)
    other.tell(Action.HOLD_LIFTED, NOON + 2 * HOUR, AMINA, object_id=uid(990), detail={"kind": "pause"})
    other.call(LATER)
    assert other.checks() == set()


@pytest.mark.parametrize("stage", ["crossing", "detained"])
def test_a_dial_into_danger_is_found(stage):
    year = sound()
    year.tell(Action.STAGE_MOVED, NOON + HOUR, AMINA, detail={"from": "arrived", "to": stage})
    year.call(LATER)
    assert year.checks() == {"P5 stage"}


def test_a_dial_by_somebody_they_barred_is_found():
    by_key, by_wish, in_call = sound(), sound(), sound()
    by_key.change(barred=((NOON + HOUR, CALLER),))
    by_wish.tell(Action.ENUMERATOR_BARRED, NOON + HOUR, AMINA, object_id=CALLER)
    in_call.call(NOON + DAY, bars_caller=True)
    for year in (by_key, by_wish, in_call):
        assert year.checks() == set()
        year.call(NOON + DAY + 4 * HOUR)
        assert year.checks() == {"P5 barred caller"}


def test_a_third_sitting_in_any_24_hours_is_found():
    year = sound()
    year.call(NOON + 4 * HOUR)
    year.call(NOON + DAY)
    assert year.checks() == set()
    year.call(NOON + DAY + 3 * HOUR)
    assert year.checks() == {"P5 person", "P5 number"}


def test_a_sixth_sitting_in_seven_days_is_found():
    year = sound()
    for days in (1, 2, 3, 4):
        year.call(NOON + days * DAY)
    assert year.checks() == set()
    year.call(NOON + 5 * DAY)
    assert year.checks() == {"P5 person", "P5 number"}


def test_a_number_is_counted_over_everybody_who_shares_it():
    year = sound()
    year.call(NOON + HOUR, ref=BEN, point=SHARED, follow_up=BENS_ROUND)
    year.call(NOON + 2 * HOUR, ref=BEN, point=BENS, follow_up=BENS_ROUND)
    assert year.checks() == {"P5 spacing"}
    year.call(LATER, ref=AMINA)
    assert year.checks() == {"P5 spacing", "P5 number"}


def test_a_sitting_that_cannot_have_rung_is_no_burden():
    year = sound()
    claim = year.claim(NOON + HOUR)
    attempt = year.dial(claim, NOON + HOUR, counts_as_burden=False)
    year.record(attempt, claim, NOON + HOUR + MINUTE, "switched_off")
    year.call(NOON + 4 * HOUR)
    assert year.checks() == set()


def test_two_sittings_within_three_hours_are_found():
    year = sound()
    year.call(NOON + 3 * HOUR - MINUTE)
    assert year.checks() == {"P5 spacing"}


def asked(year, kind, due_from, due_until, at=NOON + 5 * MINUTE):
    kept = {"kind": kind, "follow_up": str(ROUND)}
    kept |= {"due_from": due_from.isoformat(), "due_until": due_until.isoformat()}
    year.tell(Action.APPOINTMENT_MADE, at, AMINA, detail=kept)


def test_a_call_back_in_its_time_needs_no_rest_and_one_out_of_it_does():
    year = sound()
    asked(year, "firm", NOON + HOUR, NOON + HOUR + 15 * MINUTE)
    year.call(NOON + HOUR + 10 * MINUTE)
    assert year.checks() == set()
    other = sound()
    asked(other, "firm", NOON + HOUR, NOON + HOUR + 15 * MINUTE)
    other.call(NOON + HOUR + 20 * MINUTE)
    assert other.checks() == {"P5 spacing"}


def test_a_call_back_is_made_once_and_an_older_one_falls_away_with_a_newer():
    year = sound()
    asked(year, "soft", NOON + HOUR, NOON + 2 * HOUR)
    asked(year, "soft", NOON + 8 * HOUR, NOON + 9 * HOUR, at=NOON + 6 * MINUTE)
    year.call(NOON + HOUR)
    assert year.checks() == {"P5 spacing"}
    other = sound()
    asked(other, "soft", NOON + HOUR, NOON + 3 * HOUR)
    other.call(NOON + HOUR)
    assert other.checks() == set()
    other.call(NOON + 2 * HOUR)
    assert "P5 spacing" in other.checks()


def test_one_agreed_reconnection_after_a_dropped_line_needs_no_rest():
    year = Planted()
    year.enrol(AMINA)
    year.change(lines={LINE: Line("one", may_call_back_if_cut=True)})
    year.call(NOON, "technical")
    year.call(NOON + 20 * MINUTE, "technical")
    assert year.checks() == set()
    year.call(NOON + 40 * MINUTE)
    assert "P5 spacing" in year.checks()


def test_a_reconnection_that_nobody_agreed_to_is_found():
    year = Planted()
    year.enrol(AMINA)
    year.call(NOON, "technical")
    year.call(NOON + 20 * MINUTE)
    assert year.checks() == {"P5 spacing"}


def test_a_round_of_more_sittings_than_its_stage_allows_is_found():
    year = sound()
    for days in (2, 4, 6, 8, 10):
        year.call(NOON + days * DAY)
    assert year.checks() == set()
    year.call(NOON + 12 * DAY)
    assert year.checks() == {"P5 round"}
    asked(year, "soft", NOON + 11 * DAY, NOON + 13 * DAY, at=NOON + 10 * DAY + 5 * MINUTE)
    assert year.checks() == set()


def test_a_number_dialled_twice_in_a_sitting_is_found_and_a_fourth_number_too():
    twice = sound()
    claim = twice.claim(LATER, ref=BEN, follow_up=BENS_ROUND)
    attempt = twice.dial(claim, LATER, ref=BEN, point=BENS)
    twice.dial(claim, LATER + MINUTE, ref=BEN, point=BENS, attempt=attempt)
    assert twice.checks() == {"P5 sitting"}
    four = sound()
    points = {uid(60 + n): Line(f"number {n}") for n in range(4)}
    four.change(lines={LINE: Line("one"), **points})
    claim = four.claim(LATER)
    attempt = four.new()
    for n, point in enumerate(points):
        four.dial(claim, LATER + n * MINUTE, point=point, attempt=attempt)
    assert four.checks() == {"P5 sitting"}


@pytest.mark.parametrize("change", [{"status": "wrong_person"}, {"status": "unsafe"}, {"changed": "barred"}])
def test_a_number_marked_for_one_is_not_dialled_for_another(change):
    year = sound()
    year.tell(Action.CONTACT_POINT_CHANGED, NOON + HOUR, AMINA, object_id=LINE, detail=change)
    year.call(LATER, ref=BEN, point=BENS, follow_up=BENS_ROUND)
    assert year.checks() == set()
    year.call(LATER + DAY, ref=BEN, point=SHARED, follow_up=BENS_ROUND)
    assert year.checks() == {"P5 harmed number"}


@pytest.mark.parametrize(
    "change",
    [{"status": "disconnected"}, {"status": "non_working"}, {"status": "changed"}, {"changed": "retired"}],
)
def test_a_line_out_of_use_is_not_dialled_for_this_person(change):
    year = sound()
    year.tell(Action.CONTACT_POINT_CHANGED, NOON + HOUR, AMINA, object_id=LINE, detail=change)
    year.call(LATER)
    assert year.checks() == {"P5 line out of use"}


def test_a_line_that_works_again_may_be_dialled():
    year = sound()
    for status in ("disconnected", "active"):
        year.tell(Action.CONTACT_POINT_CHANGED, NOON + HOUR, AMINA, object_id=LINE, detail={"status": status})
    year.call(LATER)
    assert year.checks() == set()


@pytest.mark.parametrize("code", ["wrong_number", "unsafe_number"])
def test_an_outcome_that_says_so_sets_a_number_aside_even_if_nobody_marked_it(code):
    year = sound()
    year.call(LATER, code)
    year.call(LATER + DAY, ref=BEN, point=SHARED, follow_up=BENS_ROUND)
    assert year.checks() == {"P5 harmed number"}


# --- The observer itself ----------------------------------------------------------------------------------------------


def test_every_check_was_seen_to_find_something():
    """Each of the tests above that plants a fault names the check; none of those there are is left out."""
    here = Path(__file__)
    written = {
        name
        for path in here.parent.glob("*.py")
        if path != here
        for name in re.findall(r'"(P\d [a-z -]+)"', path.read_text())
    }
    assert len(written) == 28
    assert written - set(re.findall(r'"(P\d [a-z -]+)"', here.read_text())) == set()


def test_a_report_counts_what_was_found_and_shows_it():
    year = sound()
    year.call(NOON + HOUR)
    found = observer.judge_these(year.events, year.dials, key=year.key, diary=object(), rows=Rows())
    assert observer.report(found).startswith(
        "1 violations: {'P5 spacing': 1}\n  P5 spacing: 2026-04-02 13:00:00"
    )


def test_many_people_called_often_are_judged_without_a_false_alarm():
    """A fiftieth of the dials of a year of 2,000 people."""
    year = Planted()
    people = [uid(10_000 + n) for n in range(200)]
    year.key = replace(
        year.key,
        people={
            ref: replace(year.key.people[AMINA], audit_ref=ref, lines={ref: Line(str(ref))}) for ref in people
        },
    )
    for n, ref in enumerate(people):
        year.enrol(ref, follow_up=uid(20_000 + n))
        for turn in range(5):
            at = NOON + turn * 2 * DAY
            year.call(at, ref=ref, point=ref, by=uid(30_000 + n), follow_up=uid(20_000 + n))
    assert year.checks(rows=Rows(dials=1000, sittings=1000)) == set()
