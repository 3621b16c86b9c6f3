"""When keys are due for a change, and since when an erasure is final."""

from datetime import UTC, datetime, timedelta

import pytest

from vault.rotation import dates
from vault.rotation.dates import Life

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THREE = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
ERASED = THREE + 7 * HOUR


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (THREE, THREE),
        (THREE - timedelta(seconds=1), THREE - DAY),
        (THREE + 23 * HOUR, THREE),
        (datetime(2026, 3, 10, 8, 30, tzinfo=UTC).astimezone(), THREE),
    ],
)
def test_keys_are_due_each_day_at_three_in_utc(now, due):
    assert dates.last_change_due(now) == due


def test_an_erasure_is_expected_to_be_final_half_a_day_after_the_next_change():
    assert dates.expected_by(ERASED) == THREE + DAY + 12 * HOUR


def test_what_was_erased_long_enough_ago_is_overdue_at_the_moment_it_was_expected_by():
    by = dates.expected_by(ERASED)

    assert not dates.overdue_before(by - timedelta(seconds=1)) > ERASED
    assert dates.overdue_before(by) > ERASED


def test_an_erasure_is_final_when_the_key_of_its_day_is_destroyed():
    lives = [Life(THREE, THREE + DAY), Life(THREE + DAY, None)]

    assert dates.final_since(ERASED, lives) == THREE + DAY


def test_an_erasure_is_not_final_while_any_key_of_its_time_is_left():
    lives = [Life(THREE - DAY, THREE + DAY), Life(THREE, None)]

    assert dates.final_since(ERASED, lives) is None


def test_an_erasure_between_two_keys_is_final_when_both_are_destroyed():
    lives = [Life(THREE - DAY, ERASED + HOUR), Life(ERASED - HOUR, THREE + 2 * DAY), Life(THREE + DAY, None)]

    assert dates.final_since(ERASED, lives) == THREE + 2 * DAY


def test_keys_that_were_destroyed_before_the_erasure_say_nothing_about_it():
    lives = [Life(THREE - 9 * DAY, THREE - 8 * DAY), Life(THREE, THREE + DAY)]

    assert dates.final_since(ERASED, lives) == THREE + DAY
