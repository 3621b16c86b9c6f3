"""From UTC to a person's own clock and back, through gaps and folds."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import zones
from kernel.errors import DomainError

ZONES = [
    "Asia/Kathmandu", "Asia/Kolkata", "Africa/Cairo", "America/St_Johns", "Europe/Berlin", "Asia/Tehran",
    "Pacific/Apia", "Australia/Lord_Howe", "Africa/Casablanca", "UTC",
]  # fmt: skip


def test_a_time_on_an_ordinary_day():
    assert zones.at_local(date(2026, 1, 15), time(9), "Asia/Kathmandu") == datetime(
        2026, 1, 15, 3, 15, tzinfo=UTC
    )


def test_a_time_that_the_clocks_skip_is_the_end_of_the_gap():
    # Berlin springs from 02:00 to 03:00 on 29 March 2026.
    assert zones.at_local(date(2026, 3, 29), time(2, 30), "Europe/Berlin") == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )


def test_a_time_that_comes_twice_is_the_first():
    # Berlin falls back from 03:00 to 02:00 on 25 October 2026.
    assert zones.at_local(date(2026, 10, 25), time(2, 30), "Europe/Berlin") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_a_day_that_a_zone_skipped_begins_when_the_next_one_does():
    # Samoa crossed the date line: 30 December 2011 did not happen there.
    assert zones.at_local(date(2011, 12, 30), time(12), "Pacific/Apia") == datetime(
        2011, 12, 30, 10, tzinfo=UTC
    )


@pytest.mark.parametrize("on", [date.min, date.max])
@pytest.mark.parametrize("zone_name", ["Pacific/Apia", "America/St_Johns", "UTC"])
def test_a_day_at_the_end_of_the_calendar_is_still_a_moment_on_its_side_of_today(on, zone_name):
    at = zones.at_local(on, time(0), zone_name)

    assert (at > datetime(2026, 1, 1, tzinfo=UTC)) == (on == date.max)


def test_a_name_that_is_no_zone_is_refused_with_a_sentence():
    with pytest.raises(DomainError, match="no time zone called") as refused:
        zones.zone("Mars/Olympus")

    assert refused.value.code == "unknown_zone"


@given(
    zone=st.sampled_from(ZONES),
    on=st.dates(date(2005, 1, 1), date(2035, 12, 31)),
    minute=st.integers(0, 24 * 60 - 1),
)
def test_there_and_back_again_is_the_same_or_the_end_of_a_gap(zone, on, minute):
    clock_time = time(minute // 60, minute % 60)

    instant = zones.at_local(on, clock_time, zone)

    shown = zones.local(instant, zone).replace(tzinfo=None)
    wanted = datetime.combine(on, clock_time)
    if shown != wanted:
        just_before = (instant - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert just_before < wanted < shown
