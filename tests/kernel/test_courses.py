"""The course of a clock that may run faster than the wall's, and never goes back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.courses import Course, Leg, read, written

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def test_without_a_leg_it_is_the_walls_clock():
    assert Course().at(NOON) == NOON
    assert Course().speed_at(NOON) == 1


def test_a_minute_at_speed_60_shows_an_hour():
    course = Course((Leg(NOON, NOON, 60),))

    assert course.at(NOON + MINUTE) == datetime(2026, 3, 10, 13, 0, tzinfo=UTC)
    assert course.speed_at(NOON + MINUTE) == 60


def test_before_its_first_leg_it_goes_like_the_walls_clock():
    course = Course((Leg(NOON, NOON + timedelta(days=2), 60),))

    assert course.at(NOON - MINUTE) == datetime(2026, 3, 12, 11, 59, tzinfo=UTC)
    assert course.speed_at(NOON - MINUTE) == 1


def test_a_fast_leg_ends_by_itself_and_what_was_gained_is_kept():
    course = Course().onward(since=NOON, speed=60, lasting=10 * SECOND)

    assert course.at(NOON + 10 * SECOND) == NOON + 10 * MINUTE
    assert course.at(NOON + 11 * SECOND) == NOON + 10 * MINUTE + SECOND
    assert course.speed_at(NOON + 11 * SECOND) == 1


def test_going_on_leaves_what_comes_before_it_as_it_was():
    course = Course().onward(since=NOON, speed=60, lasting=10 * SECOND)

    renewed = course.onward(since=NOON + 8 * SECOND, speed=30, lasting=10 * SECOND)

    assert renewed.at(NOON + 5 * SECOND) == course.at(NOON + 5 * SECOND) == NOON + 5 * MINUTE
    assert renewed.at(NOON + 8 * SECOND) == NOON + 8 * MINUTE
    assert renewed.at(NOON + 10 * SECOND) == NOON + 9 * MINUTE


def test_after_a_stop_time_goes_on_at_the_walls_speed_from_where_it_is():
    running = Course().onward(since=NOON, speed=60, lasting=10 * SECOND)

    stopped = running.onward(since=NOON + 5 * SECOND, speed=1, lasting=SECOND)

    assert stopped.at(NOON + timedelta(hours=1)) == NOON + timedelta(hours=1) + 5 * MINUTE - 5 * SECOND


def test_a_course_is_kept_and_read_back_as_it_was():
    course = Course().onward(since=NOON, speed=60, lasting=10 * SECOND)

    assert read(written(course)) == course
    assert read(written(Course())) == Course()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "60",
        '{"legs": 3}',
        '{"legs": [{}]}',
        '{"legs": [{"since": "2026-03-10T12:00:00+00:00", "shown": "2026-03-10T12:00:00+00:00", "speed": 0}]}',
        '{"legs": [{"since": "2026-03-10T12:00:00+00:00", "shown": "2026-03-10T12:00:00+00:00", "speed": -60}]}',
        '{"legs": [{"since": "2026-03-10T12:00:00+00:00", "shown": "2026-03-10T12:00:00+00:00", "speed": NaN}]}',
        '{"legs": [{"since": "2026-03-10T12:00:00+00:00", "shown": "2026-03-10T12:00:00+00:00", "speed": "6"}]}',
        '{"legs": [{"since": "2026-03-10T12:00:00", "shown": "2026-03-10T12:00:00", "speed": 60}]}',
        '{"legs": [{"since": "yesterday", "shown": "2026-03-10T12:00:00+00:00", "speed": 60}]}',
    ],
)
def test_what_is_no_course_is_refused(text):
    with pytest.raises(ValueError):
        read(text)


def test_legs_out_of_order_are_refused():
    with pytest.raises(ValueError):
        Course((Leg(NOON, NOON, 60), Leg(NOON - SECOND, NOON, 1)))


steps = st.lists(
    st.tuples(st.integers(1, 60_000), st.integers(1, 600), st.integers(1, 30_000)), min_size=1, max_size=12
)


@given(steps, st.lists(st.integers(0, 700_000), min_size=2, max_size=20))
def test_whatever_speeds_follow_each_other_it_never_goes_back(taken, looked_at):
    course, wall = Course(), NOON
    seen = []
    looks = sorted(NOON + timedelta(milliseconds=one) for one in looked_at)
    for later, speed, lasting in taken:
        since = wall + timedelta(milliseconds=later)
        seen += [course.at(look) for look in looks if wall <= look < since]
        course = course.onward(since=since, speed=speed, lasting=timedelta(milliseconds=lasting))
        wall = since
    seen += [course.at(look) for look in looks if wall <= look]

    assert seen == sorted(seen)
    assert all(shown >= look for shown, look in zip(seen, looks, strict=True))


def test_a_course_is_driven_while_it_is_renewed_and_for_a_little_after():
    course = Course().onward(since=NOON, speed=60, lasting=2 * SECOND)

    assert not Course().is_driven_at(NOON)
    assert course.is_driven_at(NOON)
    assert course.is_driven_at(NOON + 16 * SECOND)
    assert not course.is_driven_at(NOON + 17 * SECOND)
