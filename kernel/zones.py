"""Time zones as values: a name checked once, and the way from UTC to a person's own clock and back."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError

EARLIEST, LATEST = date(1800, 1, 1), date(9900, 1, 1)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """Every name there is. Looked up once in a process: each time walks through the folders of the database."""
    return frozenset(available_timezones())


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone called `name` in the IANA database; raises `unknown_zone` for any other name."""
    if name not in _known():
        raise DomainError(
            "unknown_zone",
            _("There is no time zone called “%(name)s”.") % {"name": name},
            next_step=_("Choose one from the list, for example Africa/Tripoli."),
        )
    return ZoneInfo(name)


def local(at: datetime, zone_name: str) -> datetime:
    """The same instant on the clock of `zone_name`."""
    return at.astimezone(zone(zone_name))


def at_local(on: date, clock_time: time, zone_name: str) -> datetime:
    """The UTC instant at which the clock of `zone_name` shows this date and time.

    A time that a clock change skips gives the first instant after the gap; one that happens twice gives the first.
    A day that only a slip of the finger makes is moved to the ends of the calendar we use, where sums cannot overflow.
    """
    wall = datetime.combine(min(max(on, EARLIEST), LATEST), clock_time)
    instant = wall.replace(tzinfo=zone(zone_name), fold=0).astimezone(UTC)
    if instant.astimezone(zone(zone_name)).replace(tzinfo=None) == wall:
        return instant
    return _end_of_gap(wall, zone_name)


def _end_of_gap(wall: datetime, zone_name: str) -> datetime:
    """The instant the clocks jump over `wall`: found by halving, since gaps are rare and differ in size."""
    low = (wall - timedelta(days=1)).replace(tzinfo=UTC) - timedelta(hours=15)
    high = (wall + timedelta(days=1)).replace(tzinfo=UTC) + timedelta(hours=15)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle == low:
            break
        if middle.astimezone(zone(zone_name)).replace(tzinfo=None) < wall:
            low = middle
        else:
            high = middle
    return high
