"""Whether the days before now were lived through: a clock that leaps months ahead would else erase whole panels."""

from datetime import UTC, datetime, time, timedelta

from audit import trail
from audit.actions import Action
from audit.models import AuditEvent

DAY = timedelta(days=1)
LOOKED_AT_DAYS = 30
ENOUGH_DAYS = 5
"""On so many days something was written into the trail before anything goes that cannot be brought back."""
LONGEST_SILENCE_DAYS = 7
"""A longer silence is a clock that leapt, or a server that was away: the days before it say nothing of today."""
WHY = "days_not_lived"


def is_enough(now: datetime) -> bool:
    """Whether the trail has lines on five days since its last silence of more than a week, in the last 30 days.

    The trail is the only witness: its lines are written as life goes on, and nobody can add one for a day gone by.
    """
    today = _midnight(now)
    lived = silent = 0
    for ago in range(LOOKED_AT_DAYS):
        since = today - ago * DAY
        has_lines = AuditEvent.objects.filter(at__gte=since, at__lt=min(since + DAY, now)).exists()
        lived, silent = (lived + 1, 0) if has_lines else (lived, silent + 1)
        if lived == ENOUGH_DAYS:
            return True
        if silent > LONGEST_SILENCE_DAYS:
            return False
    return False


def say_so(now: datetime) -> None:
    """Write once a day that what is due waits. The line counts as a day lived, so the wait ends by itself."""
    waits = AuditEvent.objects.filter(action=Action.RETENTION_APPLIED, reason=WHY)
    if not waits.filter(at__gte=_midnight(now), at__lte=now).exists():
        trail.record(
            Action.RETENTION_APPLIED,
            by=None,
            at=now,
            object_type="retention",
            outcome="refused",
            reason=WHY,
        )


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC).date(), time.min, tzinfo=UTC)
