from datetime import UTC, date, datetime, time

from followups.scheduling.safe_times import (
    CallingHours,
    ClockHours,
    SafeRules,
    Season,
    is_safe_at,
    safe_spans,
)
from followups.scheduling.spans import Span

USUAL = CallingHours()
ANY_TIME = SafeRules()


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_calling_hours_are_on_the_persons_clock_in_a_half_hour_zone():
    found = safe_spans(Span(at(10, 0), at(11, 0)), ("Asia/Kolkata",), USUAL, ANY_TIME)

    assert found == (Span(at(10, 2, 30), at(10, 14, 30)),)


def test_somebody_who_may_be_in_two_zones_is_called_when_both_are_awake():
    found = safe_spans(Span(at(10, 0), at(11, 0)), ("Asia/Kolkata", "Europe/Berlin"), USUAL, ANY_TIME)

    assert found == (Span(at(10, 7), at(10, 14, 30)),)


def test_unsafe_hours_are_cut_out_of_safe_ones():
    rules = SafeRules(hours=(ClockHours(time(9), time(15)),), unsafe_hours=(ClockHours(time(12), time(13)),))

    found = safe_spans(Span(at(10, 0), at(11, 0)), ("UTC",), USUAL, rules)

    assert found == (Span(at(10, 9), at(10, 12)), Span(at(10, 13), at(10, 15)))


def test_unsafe_hours_may_pass_midnight():
    rules = SafeRules(unsafe_hours=(ClockHours(time(18), time(9)),))

    assert safe_spans(Span(at(10, 0), at(11, 0)), ("UTC",), USUAL, rules) == (Span(at(10, 9), at(10, 18)),)


def test_only_the_safe_days_count():
    tuesdays = SafeRules(days=frozenset({1}))

    assert safe_spans(Span(at(9, 0), at(16, 0)), ("UTC",), USUAL, tuesdays) == (Span(at(10, 8), at(10, 20)),)


def test_a_holiday_and_prayer_times_are_left_out():
    calling = CallingHours(pauses=(ClockHours(time(12), time(14)),), closed_on=frozenset({date(2026, 3, 11)}))

    found = safe_spans(Span(at(10, 0), at(12, 0)), ("UTC",), calling, ANY_TIME)

    assert found == (Span(at(10, 8), at(10, 12)), Span(at(10, 14), at(10, 20)))


def test_a_person_whose_zone_is_not_known_is_never_safe_to_call():
    assert safe_spans(Span(at(10, 0), at(11, 0)), (), USUAL, ANY_TIME) == ()


def test_empty_lists_of_safe_days_or_hours_mean_never():
    week = Span(at(9, 0), at(16, 0))

    assert safe_spans(week, ("UTC",), USUAL, SafeRules(days=frozenset())) == ()
    assert safe_spans(week, ("UTC",), USUAL, SafeRules(hours=())) == ()


def test_the_first_moment_of_the_hours_is_safe_and_the_last_is_not():
    assert is_safe_at(at(10, 8), ("UTC",), USUAL, ANY_TIME)
    assert not is_safe_at(at(10, 20), ("UTC",), USUAL, ANY_TIME)


RAMADAN = Season(
    date(2026, 3, 10),
    date(2026, 3, 11),
    ClockHours(time(10), time(16)),
    pauses=(ClockHours(time(12), time(13)),),
)


def test_the_hours_of_a_season_hold_on_its_days_and_not_on_the_next():
    calling = CallingHours(seasons=(RAMADAN,))

    found = safe_spans(Span(at(10, 0), at(12, 0)), ("UTC",), calling, ANY_TIME)

    assert found == (Span(at(10, 10), at(10, 12)), Span(at(10, 13), at(10, 16)), Span(at(11, 8), at(11, 20)))


def test_a_season_never_opens_an_hour_in_which_the_study_calls_nobody():
    late = CallingHours(
        seasons=(Season(date(2026, 3, 10), date(2026, 3, 11), ClockHours(time(18), time(23))),)
    )

    assert safe_spans(Span(at(10, 0), at(11, 0)), ("UTC",), late, ANY_TIME) == (Span(at(10, 18), at(10, 20)),)


def test_of_two_seasons_on_a_day_both_hold():
    other = Season(date(2026, 3, 9), date(2026, 3, 12), ClockHours(time(14), time(22)))

    found = safe_spans(Span(at(10, 0), at(11, 0)), ("UTC",), CallingHours(seasons=(RAMADAN, other)), ANY_TIME)

    assert found == (Span(at(10, 14), at(10, 16)),)
