from datetime import UTC, date, datetime

from reports.months import begins_at, latest_months, month_after, month_before, month_of


def test_a_month_is_the_one_on_the_readers_clock():
    last_minute = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    assert month_of(last_minute, "UTC") == date(2026, 2, 1)
    assert month_of(last_minute, "Africa/Tunis") == date(2026, 3, 1)


def test_december_is_followed_by_january_of_the_next_year():
    assert month_after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert month_before(date(2027, 1, 1)) == date(2026, 12, 1)


def test_the_latest_months_run_backwards_over_the_year():
    now = datetime(2026, 2, 10, tzinfo=UTC)
    assert latest_months(now, "UTC", 3) == (date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1))


def test_a_day_begins_at_midnight_on_a_half_hour_clock():
    assert begins_at(date(2026, 3, 1), "Asia/Kabul") == datetime(2026, 2, 28, 19, 30, tzinfo=UTC)
