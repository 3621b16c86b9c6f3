"""When keys are to be changed, and when an erasure is final (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CHANGED_AT_HOUR = 3
"""Hour of the day in UTC; a machine that is off then changes them when it starts."""
GRACE = timedelta(hours=12)
"""A change that has not come by then is late: a laptop that is off at night starts in the morning."""


@dataclass(frozen=True, slots=True)
class Life:
    """From when on an epoch key may have wrapped anything, and when it was destroyed; None while it is not."""

    created: datetime
    destroyed: datetime | None


def last_change_due(now: datetime) -> datetime:
    """The last moment at or before `now` when keys were to be changed."""
    today = now.astimezone(UTC).replace(hour=CHANGED_AT_HOUR, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def expected_by(erased_at: datetime) -> datetime:
    """By when an erasure should be final: half a day after the next change of keys."""
    return last_change_due(erased_at) + timedelta(days=1) + GRACE


def overdue_before(now: datetime) -> datetime:
    """What was erased before this moment should be final by now."""
    return last_change_due(now - GRACE)


def final_since(erased_at: datetime, lives: Sequence[Life]) -> datetime | None:
    """The first moment at which every epoch key there was at the erasure is destroyed; None until then.

    From then on no copy of the vault from before the erasure opens, so neither do copies of the main database.
    """
    there = [life for life in lives if life.created <= erased_at]
    ends = [life.destroyed for life in there if life.destroyed is None or life.destroyed > erased_at]
    # Nothing known of that day: a clock was wrong, and nobody can say so much.
    if not there or None in ends:
        return None
    return max((end for end in ends if end), default=erased_at)
