"""When a person may be called: study calling hours and their own safe times, in every zone they may be in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from followups.scheduling.clocks import DAY_SECONDS, local_days
from followups.scheduling.spans import Span, Spans, common, joined

EVERY_DAY = frozenset(range(7))

_Seconds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ClockHours:
    """[starts, ends) on a wall clock. `ends` at or before `starts` runs past midnight; equal ends mean all day."""

    starts: time
    ends: time

    def seconds(self) -> tuple[_Seconds, ...]:
        """The same hours as [from, until) seconds after midnight; two pieces when they run past it."""
        start, end = _second(self.starts), _second(self.ends)
        if start < end:
            return ((start, end),)
        return tuple(piece for piece in ((0, end), (start, DAY_SECONDS)) if piece[0] < piece[1])


WHOLE_DAY = ClockHours(time(0), time(0))


@dataclass(frozen=True, slots=True)
class Season:
    """Other hours on the local days `[from_on, until_on)`, such as those of Ramadan."""

    from_on: date
    until_on: date
    hours: ClockHours = WHOLE_DAY
    pauses: tuple[ClockHours, ...] = ()


@dataclass(frozen=True, slots=True)
class CallingHours:
    """The hours in which a study calls anyone; `pauses` are prayer times and the like, `closed_on` holidays.

    A season makes them narrower while it lasts and never wider; of seasons that meet on a day all hold.
    """

    hours: ClockHours = ClockHours(time(8), time(20))
    pauses: tuple[ClockHours, ...] = ()
    closed_on: frozenset[date] = frozenset()
    seasons: tuple[Season, ...] = ()

    def on(self, day: date) -> tuple[tuple[ClockHours, ...], tuple[ClockHours, ...]]:
        """The hours of a local day, within all of which a call has to lie, and its pauses."""
        now = [one for one in self.seasons if one.from_on <= day < one.until_on]
        if not now:
            return (self.hours,), self.pauses
        pauses = tuple(pause for one in now for pause in one.pauses)
        return (self.hours, *(one.hours for one in now)), (*self.pauses, *pauses)


@dataclass(frozen=True, slots=True)
class SafeRules:
    """What the person said about one number; weekdays are 0 (Monday) to 6, by the day of the moment itself.

    The defaults say "any time within the study's calling hours". Empty `days` or `hours` say "never": a list that
    was meant to be filled in and was not must not open the whole day.
    """

    days: frozenset[int] = EVERY_DAY
    hours: tuple[ClockHours, ...] = (WHOLE_DAY,)
    unsafe_hours: tuple[ClockHours, ...] = ()


def safe_spans(within: Span, zones: tuple[str, ...], calling: CallingHours, rules: SafeRules) -> Spans:
    """The parts of `within` that are safe on the clock of every candidate zone; none when no zone is known."""
    if not zones:
        return ()
    spans: Spans = (within,)
    for zone_name in zones:
        spans = common(spans, _on_one_clock(within, zone_name, calling, rules))
    return spans


def is_safe_at(at: datetime, zones: tuple[str, ...], calling: CallingHours, rules: SafeRules) -> bool:
    """Whether this instant is safe on the clock of every candidate zone."""
    return bool(safe_spans(Span(at, at + timedelta(microseconds=1)), zones, calling, rules))


def _on_one_clock(within: Span, zone_name: str, calling: CallingHours, rules: SafeRules) -> Spans:
    return joined(
        day.span(*piece)
        for day in local_days(zone_name, within)
        if day.on not in calling.closed_on
        for piece in _pieces_of(day.on.weekday(), *calling.on(day.on), rules)
    )


@lru_cache(maxsize=16_384)
def _pieces_of(
    weekday: int, within: tuple[ClockHours, ...], pauses: tuple[ClockHours, ...], rules: SafeRules
) -> list[_Seconds]:
    """The safe seconds of a weekday: inside each of `within` and safe hours, outside pauses and unsafe hours."""
    if weekday not in rules.days:
        return []
    open_pieces = list(_all_seconds(rules.hours))
    for hours in within:
        open_pieces = _both(open_pieces, hours.seconds())
    for start, end in _all_seconds((*pauses, *rules.unsafe_hours)):
        open_pieces = _both(open_pieces, ((0, start), (end, DAY_SECONDS)))
    return sorted(set(open_pieces))


def _both(some: Iterable[_Seconds], others: Iterable[_Seconds]) -> list[_Seconds]:
    others = tuple(others)
    met = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [piece for piece in met if piece[0] < piece[1]]


def _all_seconds(hours: Iterable[ClockHours]) -> tuple[_Seconds, ...]:
    return tuple(piece for one in hours for piece in one.seconds())


def _second(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
