"""The fold of the ledger: by order of arrival, and a late entry may take permission away but never give it back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.folding import Decision, Entry, Standing, fold

START = datetime(2026, 3, 1, tzinfo=UTC)
NO = (Decision.REFUSED, Decision.WITHDRAWN)


def after(minutes):
    return START + timedelta(minutes=minutes)


def grant(said, arrived=None, expires=10_000):
    return Entry(Decision.GRANTED, after(said), after(said if arrived is None else arrived), after(expires))


def withdrawal(said, arrived=None):
    return Entry(Decision.WITHDRAWN, after(said), after(said if arrived is None else arrived))


@st.composite
def histories(draw):
    """Entries in order of arrival. Clocks of devices run behind, and now and then ahead."""
    entries = []
    arrived = 0
    for _n in range(draw(st.integers(0, 8))):
        arrived += draw(st.integers(0, 60))
        said = arrived - draw(st.integers(-120, 600))
        decision = draw(st.sampled_from(Decision))
        valid = draw(st.integers(1, 2_000))
        expires = after(said + valid) if decision is Decision.GRANTED else None
        entries.append(Entry(decision, after(said), after(arrived), expires))
    return entries


moments = st.integers(-100, 3_000).map(after)


def said_at(entry):
    return min(entry.at, entry.arrived_at)


def test_nothing_said_is_never_asked():
    assert fold([], START).standing is Standing.NEVER_ASKED


def test_a_grant_stands_until_it_expires_and_not_at_that_moment():
    entries = [grant(0, expires=60)]

    assert fold(entries, after(59)).standing is Standing.GRANTED
    assert fold(entries, after(60)).standing is Standing.EXPIRED


def test_a_withdrawal_ends_a_grant_at_once():
    assert fold([grant(0), withdrawal(5)], after(5)).standing is Standing.WITHDRAWN


def test_a_yes_said_after_a_no_gives_permission_again():
    assert fold([withdrawal(0), grant(5)], after(6)).standing is Standing.GRANTED


def test_a_yes_said_before_a_no_that_arrived_first_changes_nothing():
    entries = [withdrawal(10), grant(5, arrived=20)]

    assert fold(entries, after(21)).standing is Standing.WITHDRAWN


def test_a_yes_and_a_no_of_the_same_moment_are_a_no_in_either_order():
    assert fold([withdrawal(10), grant(10, arrived=11)], after(20)).standing is Standing.WITHDRAWN
    assert fold([grant(10), withdrawal(10, arrived=11)], after(20)).standing is Standing.WITHDRAWN


def test_a_no_said_earlier_that_arrives_late_still_takes_away():
    entries = [grant(10), withdrawal(5, arrived=20)]

    assert fold(entries, after(21)).standing is Standing.WITHDRAWN


def test_a_no_from_a_clock_that_runs_ahead_does_not_block_a_later_yes():
    entries = [withdrawal(5_000, arrived=10), grant(20)]

    assert fold(entries, after(30)).standing is Standing.GRANTED


def test_a_fresh_yes_carries_its_own_end():
    folded = fold([grant(0, expires=60), grant(50, expires=110)], after(70))

    assert (folded.standing, folded.expires_at) == (Standing.GRANTED, after(110))


def test_an_older_yes_that_arrives_late_does_not_shorten_a_newer_one():
    folded = fold([grant(50, expires=110), grant(0, arrived=60, expires=60)], after(70))

    assert folded.expires_at == after(110)


@given(histories(), moments)
def test_permission_is_never_given_by_a_yes_said_before_or_at_a_no_already_known(entries, now):
    """Whatever came before: a grant that is not newer than a known no leaves the answer as it was."""
    known_no = [entry for entry in entries if entry.decision in NO]
    if not known_no or fold(entries, now).standing is Standing.GRANTED:
        return
    latest = max(said_at(entry) for entry in known_no)
    late = Entry(
        Decision.GRANTED, latest, max(entries[-1].arrived_at, latest) + timedelta(minutes=1), after(9_999)
    )

    assert fold([*entries, late], now).standing is not Standing.GRANTED


@given(histories(), moments, st.sampled_from(NO), st.integers(-600, 600))
def test_a_no_takes_permission_away_whatever_its_clock_says(entries, now, decision, skew):
    arrived = (entries[-1].arrived_at if entries else START) + timedelta(minutes=1)
    no = Entry(decision, arrived + timedelta(minutes=skew), arrived)

    assert fold([*entries, no], now).standing is not Standing.GRANTED


@given(histories(), moments)
def test_whatever_is_granted_was_said_after_every_no_that_arrived_before_it(entries, now):
    folded = fold(entries, now)
    if folded.standing is not Standing.GRANTED:
        return

    nos = [said_at(entry) for entry in entries if entry.decision in NO]
    assert all(said < folded.since for said in nos)


@given(histories(), moments)
def test_nothing_is_granted_at_or_after_its_end(entries, now):
    folded = fold(entries, now)

    assert folded.standing is not Standing.GRANTED or now < folded.expires_at


@given(histories(), moments, st.integers(0, 5_000))
def test_time_alone_never_gives_permission(entries, now, minutes):
    before, later = fold(entries, now), fold(entries, now + timedelta(minutes=minutes))

    assert not (later.standing is Standing.GRANTED and before.standing is not Standing.GRANTED)


@pytest.mark.parametrize("decision", NO)
def test_the_first_answer_may_be_a_no(decision):
    assert fold([Entry(decision, START, START)], after(1)).standing.value == decision.value
