"""Notices when the server's clock leaps, and says for how long nothing may be done that a leap would spoil.

The tick leaves its moment of real time; the next one compares. A clock that is weeks ahead and one that stood while the
server was off look alike, so nothing is refused for good: what cannot be undone waits, longer after a longer leap.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from django.core.cache import caches

LEAP = timedelta(hours=6)
"""Forward by more than this between two ticks: the server was off, or its clock was set."""
LONG_LEAP = timedelta(days=4)
SHORT_DOUBT = timedelta(minutes=30)
"""An office that switches its server off at night loses half an hour of opening and closing windows, and no call."""
LONG_DOUBT = timedelta(days=1)
BACK = timedelta(minutes=5)
"""Backwards by more than this: what was written ahead of this moment was written by a clock that was wrong."""
KEPT = "pace-of-the-clock"


@dataclass(frozen=True, slots=True)
class Pace:
    """How the clock goes, in real time: when it was last read, from where it leapt ahead, until when that is doubted,
    and when it last came back. Back from where it had leapt to, it was ahead; else nobody knows when it was wrong."""

    seen_at: datetime
    leapt_from: datetime | None = None
    doubted_until: datetime | None = None
    came_back_at: datetime | None = None

    def is_doubted(self, at: datetime) -> bool:
        return self.doubted_until is not None and at < self.doubted_until

    def came_back(self, at: datetime) -> bool:
        """Whether this very reading is earlier than the one before."""
        return self.came_back_at == at

    def leapt_far_at(self, at: datetime) -> bool:
        """Whether this very reading showed a leap that somebody should hear of."""
        return self.doubted_until == at + LONG_DOUBT


def onward(last: Pace | None, at: datetime) -> Pace:
    """The pace once the clock shows `at`; `last` is None when nothing was ever kept, or it is gone."""
    if last is None:
        return Pace(at)
    if at < last.seen_at - BACK:
        was_ahead = last.leapt_from is not None and last.leapt_from - BACK <= at
        return Pace(at, leapt_from=last.leapt_from if was_ahead else None, came_back_at=at)
    if at - last.seen_at > LEAP:
        doubt = LONG_DOUBT if at - last.seen_at > LONG_LEAP else SHORT_DOUBT
        return replace(last, seen_at=at, leapt_from=last.seen_at, doubted_until=at + doubt)
    # A moment that another process read a little earlier does not turn it back.
    return replace(last, seen_at=max(at, last.seen_at))


def kept() -> Pace | None:
    """The pace that the last tick kept."""
    found = caches["marks"].get(KEPT)
    return Pace(**found) if found else None


def keep(pace: Pace) -> None:
    caches["marks"].set(KEPT, asdict(pace), timeout=None)


def dated(at: datetime, now: datetime) -> datetime:
    """When something stamped `at` happened at the latest: a stamp from the future was made before the clock came back.

    Where nobody knows when that was, it counts as happening now: rather no call than one too many.
    """
    if at <= now:
        return at
    pace = kept()
    return min(pace.came_back_at, now) if pace and pace.came_back_at else now
