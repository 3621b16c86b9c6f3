"""The counts of who waits for what: written by the tick, the less often the more there are."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from followups.models import FollowUp, WaitingCount
from kernel.budgets import Keep
from kernel.statements import Change, change, statement

WAITING_A_MINUTE, LONGEST = 10_000, timedelta(minutes=15)
"""A count of so many may be a minute old, of twice as many two: each tick then pays for as much as the last one did."""


def count_waiting(now: datetime, keep: Keep) -> int:
    """Write how many wait for what, per team and language, unless the last count is fresh enough; how many lines."""
    if _is_fresh(now):
        return 0
    # Counted without a transaction: on SQLite whoever writes would wait for all of it.
    counted = _counts()
    with transaction.atomic():
        if sorted(counted) == sorted(_written()):
            _counted_at(now)
        else:
            _write(counted, now)
    return len(counted)


def _is_fresh(now: datetime) -> bool:
    """Whether the last count is younger than its size allows; one of a moment to come, by a clock set back, is not."""
    return any(
        timedelta(0) <= now - counted_at < min(timedelta(minutes=total // WAITING_A_MINUTE), LONGEST)
        for counted_at, total in _last()
    )


def _write(counted: list[Any], now: datetime) -> None:
    WaitingCount.objects.all().delete()
    # Another tick may be counting at this moment: it has the same rows, and the last to come has the fresher ones.
    WaitingCount.objects.bulk_create(
        [
            WaitingCount(team_id=team, language=language, reason=reason, how_many=how_many, counted_at=now)
            for team, language, reason, how_many in counted
        ],
        update_conflicts=True,
        unique_fields=["team", "language", "reason"],
        update_fields=["how_many", "counted_at"],
    )


@statement
def _last() -> QuerySet[WaitingCount, Any]:
    """When the last count was made, and of how many."""
    totals = WaitingCount.objects.order_by().values("counted_at").annotate(total=Sum("how_many"))
    return totals.values_list("counted_at", "total")


@statement
def _counts() -> QuerySet[FollowUp, Any]:
    waiting = FollowUp.objects.live().exclude(waiting_for="").order_by()
    return waiting.values_list("team", "language", "waiting_for").annotate(how_many=Count("pk"))


@statement
def _written() -> QuerySet[WaitingCount, Any]:
    return WaitingCount.objects.values_list("team", "language", "reason", "how_many")


@change
def _counted_at(now: datetime) -> Change:
    return WaitingCount.objects.all(), {"counted_at": now}
