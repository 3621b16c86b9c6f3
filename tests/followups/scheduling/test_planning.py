from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followups.scheduling.planning import Review, RoundDates, Window, plan_in_round, plan_next
from followups.scheduling.rules import DEFAULT_RULES
from tests.followups.scheduling.people import TURNS, ZONES
from tracker.stages import Stage


def plan(stage, anchor_at, zone_name="UTC", nth=1, now=None):
    return plan_next(
        DEFAULT_RULES[stage], anchor_at=anchor_at, zone_name=zone_name, nth=nth, now=now or anchor_at
    )


def test_the_window_is_counted_in_whole_days_from_the_last_interview():
    window = plan(Stage.STRANDED, datetime(2026, 3, 10, 15, 40, tzinfo=UTC))

    assert window == Window(
        opens_at=datetime(2026, 4, 2, tzinfo=UTC),
        due_at=datetime(2026, 4, 9, tzinfo=UTC),
        closes_at=datetime(2026, 4, 24, tzinfo=UTC),
    )


def test_the_day_is_that_of_the_person_and_not_of_utc():
    window = plan(
        Stage.IN_TRANSIT, datetime(2026, 3, 10, 20, tzinfo=UTC), "Asia/Kathmandu"
    )  # already the 11th there

    assert window.due_at == datetime(2026, 3, 24, 18, 15, tzinfo=UTC)  # midnight of the 25th


def test_a_clock_change_inside_the_interval_moves_no_day():
    window = plan(Stage.IN_TRANSIT, datetime(2026, 3, 20, 12, tzinfo=UTC), "Europe/Berlin")

    assert window.opens_at == datetime(2026, 3, 29, 22, tzinfo=UTC)  # midnight of the 30th in summer time
    assert window.due_at == datetime(2026, 4, 2, 22, tzinfo=UTC)


def test_a_midnight_that_does_not_exist_gives_the_first_moment_of_that_day():
    window = plan(Stage.IN_TRANSIT, datetime(2025, 4, 11, 12, tzinfo=UTC), "Africa/Cairo")

    assert window.due_at == datetime(2025, 4, 24, 22, tzinfo=UTC)  # clocks go from 00:00 to 01:00 on the 25th


def test_the_end_of_a_month_is_no_obstacle():
    window = plan(Stage.ORIGIN, datetime(2026, 1, 31, 12, tzinfo=UTC))

    assert window.due_at == datetime(2026, 3, 2, tzinfo=UTC)


def test_a_due_day_that_has_passed_becomes_today_and_stays_visible():
    now = datetime(2026, 6, 1, 9, tzinfo=UTC)

    window = plan(Stage.STRANDED, datetime(2026, 1, 1, 12, tzinfo=UTC), now=now)

    assert window.first_due_on == date(2026, 1, 31)
    assert (window.opens_at, window.due_at) == (
        datetime(2026, 6, 1, tzinfo=UTC),
        datetime(2026, 6, 1, tzinfo=UTC),
    )
    assert window.closes_at == datetime(2026, 6, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stage", "on"), [(Stage.CROSSING, date(2026, 3, 17)), (Stage.DETAINED, date(2026, 4, 9))]
)
def test_a_stage_without_calls_gets_a_review_and_no_window(stage, on):
    assert plan(stage, datetime(2026, 3, 10, 12, tzinfo=UTC)) == Review(on)


def test_a_lost_person_is_traced_at_once_for_thirty_days():
    window = plan(Stage.UNKNOWN, datetime(2026, 3, 10, 12, tzinfo=UTC))

    assert window.opens_at == datetime(2026, 3, 10, tzinfo=UTC)
    assert window.closes_at == datetime(2026, 4, 10, tzinfo=UTC)


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from([rule for rule in DEFAULT_RULES.values() if rule.outbound]),
    st.sampled_from(TURNS),
    st.sampled_from(ZONES),
    st.integers(1, 5),
    st.integers(0, 400 * 24),
)
def test_a_window_is_never_empty_and_never_closed_when_it_is_made(
    rule, anchor_at, zone_name, nth, hours_later
):
    now = anchor_at + timedelta(hours=hours_later)

    window = plan_next(rule, anchor_at=anchor_at, zone_name=zone_name, nth=nth, now=now)

    assert window.opens_at <= window.due_at < window.closes_at
    assert window.closes_at > now
    assert window.closes_at - window.due_at >= timedelta(days=rule.late_days)


WAVE = RoundDates(date(2026, 3, 1), date(2026, 3, 31))


def plan_wave(stage, zone_name, now, dates=WAVE):
    return plan_in_round(DEFAULT_RULES[stage], dates, zone_name=zone_name, now=now)


def test_a_wave_opens_and_closes_on_each_persons_own_clock():
    window = plan_wave(Stage.SETTLED, "America/St_Johns", datetime(2026, 2, 1, tzinfo=UTC))

    assert window.opens_at == datetime(2026, 3, 1, 3, 30, tzinfo=UTC)
    assert window.closes_at == datetime(2026, 4, 1, 2, 30, tzinfo=UTC)


def test_a_wave_that_is_over_gives_no_window():
    assert plan_wave(Stage.SETTLED, "UTC", datetime(2026, 4, 1, tzinfo=UTC)) is None


def test_a_detained_person_is_reviewed_and_not_called_in_a_wave_either():
    assert plan_wave(Stage.DETAINED, "UTC", datetime(2026, 3, 5, tzinfo=UTC)) == Review(date(2026, 4, 4))
