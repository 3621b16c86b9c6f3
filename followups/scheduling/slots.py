"""Slots: parts of the day and week on a person's own clock, and the rotation that tries the least-tried next."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from followups.scheduling.clocks import DAY_SECONDS, local_days
from followups.scheduling.safe_times import ClockHours
from followups.scheduling.spans import Span


class Daypart(StrEnum):
    """A quarter of the calling hours; with 08:00-20:00 these are 8-11, 11-14, 14-17 and 17-20."""

    MORNING = "morning"
    MIDDAY = "midday"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the eight: a daypart of a working day or of a rest day."""

    daypart: Daypart
    is_rest_day: bool

    @property
    def code(self) -> str:
        """A stable text for storage, such as `evening_rest`."""
        return f"{self.daypart}_{'rest' if self.is_rest_day else 'work'}"


SLOTS = tuple(Slot(daypart, is_rest_day) for is_rest_day in (False, True) for daypart in Daypart)


def slot_of(local_moment: datetime, hours: ClockHours, rest_days: Collection[int]) -> Slot | None:
    """The slot of a moment on the person's own clock; None outside the calling hours."""
    second = local_moment.hour * 3600 + local_moment.minute * 60 + local_moment.second
    for daypart, start, end in _dayparts(hours):
        if start <= second < end:
            return Slot(daypart, local_moment.weekday() in rest_days)
    return None


def slot_spans(
    within: Span, zone_name: str, hours: ClockHours, rest_days: Collection[int]
) -> Iterator[tuple[Slot, Span]]:
    """Each stretch of `within` that lies in one slot on the clock of `zone_name`, in the order of days."""
    for day in local_days(zone_name, within):
        for daypart, start, end in _dayparts(hours):
            span = day.span(start, end)
            if not span.is_empty:
                yield Slot(daypart, day.on.weekday() in rest_days), span


def least_tried(counts: Mapping[Slot, int], admissible: Collection[Slot], offset: int) -> Slot | None:
    """The admissible slot tried least often; None when there is none.

    Ties go by the person's own `offset`, so that a whole panel is not called in the same hours: each person walks
    the same circle of slots from their own starting place.
    """
    if not admissible:
        return None
    return min(admissible, key=lambda slot: (counts.get(slot, 0), (SLOTS.index(slot) - offset) % len(SLOTS)))


def _dayparts(hours: ClockHours) -> Iterator[tuple[Daypart, int, int]]:
    """Four equal quarters of the calling hours in seconds after midnight, cut in two where one passes midnight."""
    pieces = hours.seconds()
    length = sum(end - start for start, end in pieces)
    start = hours.starts.hour * 3600 + hours.starts.minute * 60 + hours.starts.second
    for number, daypart in enumerate(Daypart):
        begin, end = start + length * number // 4, start + length * (number + 1) // 4
        yield daypart, begin, min(end, DAY_SECONDS)
        if end > DAY_SECONDS:
            yield daypart, max(begin - DAY_SECONDS, 0), end - DAY_SECONDS
