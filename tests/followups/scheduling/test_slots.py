from datetime import UTC, date, datetime, time, timedelta

import pytest

from followups.scheduling.safe_times import ClockHours
from followups.scheduling.slots import SLOTS, Daypart, Slot, least_tried, slot_of, slot_spans
from followups.scheduling.spans import Span

USUAL = ClockHours(time(8), time(20))
FRIDAY_SATURDAY = frozenset({4, 5})
MORNING, MIDDAY, AFTERNOON, EVENING = (Slot(daypart, False) for daypart in Daypart)


@pytest.mark.parametrize(
    ("clock", "daypart"),
    [
        (time(8), Daypart.MORNING),
        (time(10, 59), Daypart.MORNING),
        (time(11), Daypart.MIDDAY),
        (time(14), Daypart.AFTERNOON),
        (time(17), Daypart.EVENING),
        (time(19, 59), Daypart.EVENING),
    ],
)
def test_the_day_has_four_parts(clock, daypart):
    local_moment = datetime.combine(date(2026, 3, 10), clock, UTC)

    assert slot_of(local_moment, USUAL, FRIDAY_SATURDAY) == Slot(daypart, is_rest_day=False)


def test_outside_the_calling_hours_there_is_no_slot():
    assert slot_of(datetime(2026, 3, 10, 20, tzinfo=UTC), USUAL, FRIDAY_SATURDAY) is None


def test_rest_days_are_those_of_the_country():
    friday = datetime(2026, 3, 13, 9, tzinfo=UTC)

    assert slot_of(friday, USUAL, FRIDAY_SATURDAY).is_rest_day
    assert not slot_of(friday, USUAL, frozenset({5, 6})).is_rest_day


def test_hours_that_pass_midnight_have_four_parts_too():
    ramadan = ClockHours(time(18), time(2))

    assert slot_of(datetime(2026, 3, 10, 23, tzinfo=UTC), ramadan, ()) == AFTERNOON
    assert slot_of(datetime(2026, 3, 10, 1, tzinfo=UTC), ramadan, ()) == EVENING
    assert slot_of(datetime(2026, 3, 10, 3, tzinfo=UTC), ramadan, ()) is None


def test_the_spans_of_a_day_are_on_the_persons_clock():
    day = Span(datetime(2026, 3, 9, 18, 15, tzinfo=UTC), datetime(2026, 3, 10, 18, 15, tzinfo=UTC))

    spans = list(slot_spans(day, "Asia/Kathmandu", USUAL, ()))

    assert [slot for slot, _ in spans] == [MORNING, MIDDAY, AFTERNOON, EVENING]
    assert spans[0][1].starts_at == datetime(2026, 3, 10, 2, 15, tzinfo=UTC)
    assert all(span.ends_at - span.starts_at == timedelta(hours=3) for _, span in spans)


def test_the_least_tried_slot_comes_next():
    assert (
        least_tried({MORNING: 2, MIDDAY: 1, EVENING: 1}, {MORNING, MIDDAY, AFTERNOON}, offset=0) == AFTERNOON
    )


def test_ties_start_at_each_persons_own_place():
    chosen = {least_tried({}, SLOTS, offset) for offset in range(8)}

    assert chosen == set(SLOTS)


def test_without_an_admissible_slot_there_is_none():
    assert least_tried({MORNING: 1}, (), offset=3) is None
