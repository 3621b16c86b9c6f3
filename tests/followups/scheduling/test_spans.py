from datetime import UTC, datetime, timedelta

from followups.scheduling.spans import Span, common, joined, run_until, without

START = datetime(2026, 1, 1, tzinfo=UTC)


def hours(start, end):
    return Span(START + timedelta(hours=start), START + timedelta(hours=end))


def test_a_span_contains_its_start_and_not_its_end():
    span = hours(8, 20)

    assert span.covers(span.starts_at)
    assert not span.covers(span.ends_at)


def test_spans_that_touch_become_one():
    assert joined([hours(3, 5), hours(1, 3), hours(7, 7)]) == (hours(1, 5),)


def test_the_time_in_common_is_what_both_have():
    assert common([hours(1, 5), hours(6, 9)], [hours(4, 7)]) == (hours(4, 5), hours(6, 7))


def test_what_is_blocked_is_cut_out_and_leaves_both_sides():
    assert without([hours(1, 9)], [hours(3, 4), hours(8, 12)]) == (hours(1, 3), hours(4, 8))


def test_a_run_lasts_through_spans_that_touch():
    assert run_until([hours(1, 3), hours(3, 5)], START + timedelta(hours=2)) == START + timedelta(hours=5)
    assert run_until([hours(1, 3)], START + timedelta(hours=3)) is None
