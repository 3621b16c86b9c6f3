"""Local calendar days as stretches of UTC, right across clock changes, skipped days and half-hour zones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from followups.scheduling.spans import Span, overlap
from kernel.zones import zone

DAY_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A local date, or the part of it, in which the zone keeps one offset; `within` bounds that part."""

    on: date
    offset: timedelta
    within: Span

    def span(self, from_second: int, until_second: int) -> Span:
        """The UTC instants at which this clock shows [from, until) seconds after midnight; may be empty."""
        midnight = datetime.combine(self.on, time(), UTC) - self.offset
        wall = Span(midnight + timedelta(seconds=from_second), midnight + timedelta(seconds=until_second))
        return overlap(wall, self.within)


def local_days(zone_name: str, within: Span) -> Iterator[LocalDay]:
    """Every local day that meets `within`, in order; a day with a clock change comes as two parts."""
    for steady, offset in _steady_stretches(zone_name, within):
        on = (steady.starts_at + offset).date()
        last = (steady.ends_at + offset - timedelta(microseconds=1)).date()
        while on <= last:
            yield LocalDay(on, offset, steady)
            on += timedelta(days=1)


def _steady_stretches(zone_name: str, within: Span) -> Iterator[tuple[Span, timedelta]]:
    """`within` cut where the zone changes its offset; neighbours of equal offset come as one."""
    pending: tuple[Span, timedelta] | None = None
    on = within.starts_at.astimezone(UTC).date()
    while datetime.combine(on, time(), UTC) < within.ends_at:
        for steady, offset in _offsets_on(zone_name, on):
            part = overlap(steady, within)
            if part.is_empty:
                continue
            if pending and pending[1] == offset:
                pending = (Span(pending[0].starts_at, part.ends_at), offset)
                continue
            if pending:
                yield pending
            pending = (part, offset)
        on += timedelta(days=1)
    if pending:
        yield pending


@lru_cache(maxsize=65_536)
def _offsets_on(zone_name: str, on: date) -> tuple[tuple[Span, timedelta], ...]:
    """The offsets of one UTC day. No zone has ever changed its clocks twice within one."""
    starts_at = datetime.combine(on, time(), UTC)
    ends_at = starts_at + timedelta(days=1)
    before, after = _offset(zone_name, starts_at), _offset(zone_name, ends_at)
    if before == after:
        return ((Span(starts_at, ends_at), before),)
    changes_at = _change(zone_name, starts_at, after)
    halves = ((Span(starts_at, changes_at), before), (Span(changes_at, ends_at), after))
    return tuple(half for half in halves if not half[0].is_empty)


def _change(zone_name: str, starts_at: datetime, after: timedelta) -> datetime:
    """The first second of the day that has the offset `after`."""
    low, high = 0, DAY_SECONDS
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone_name, starts_at + timedelta(seconds=middle)) == after:
            high = middle
        else:
            low = middle
    return starts_at + timedelta(seconds=high)


def _offset(zone_name: str, at: datetime) -> timedelta:
    return at.astimezone(zone(zone_name)).utcoffset() or timedelta(0)
