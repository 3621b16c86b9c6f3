"""Hourly upkeep of what stands in two databases: buckets as full as they should be, nothing lost, nothing left over."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts.models import User
from kernel import clock
from kernel.budgets import WORK_SECONDS, Keep, for_seconds
from tracker.models import ContactPoint, Respondent
from vault import reindexing, subject_keys
from vault.errors import Locked

BATCH = 500
NOBODY = UUID(int=0)
"""The subject of secrets that are no respondent's."""


def upkeep() -> dict[str, int]:
    """What the background worker calls, by name and without arguments; does nothing while the vault is locked."""
    return run(clock.now())


def run(now: datetime, *, work_seconds: float = WORK_SECONDS) -> dict[str, int]:
    """One pass, at most `work_seconds` long: index rows moved and mended, orphaned keys destroyed. Safe to repeat."""
    keep = for_seconds(work_seconds)
    try:
        return {
            "moved": reindexing.work_through(keep, limit=BATCH),
            "mended": _mend(keep, now),
            "orphans": _sweep(keep, now),
        }
    except Locked:
        return {}


def _mend(keep: Keep, now: datetime) -> int:
    """Put back into the index what a vault that stopped between two commits left out of it."""
    mended, after = 0, NOBODY
    while keep():
        points = list(ContactPoint.objects.filter(pk__gt=after, value__isnull=False).order_by("pk")[:BATCH])
        mended += reindexing.mend([point.value for point in points], now=now) if points else 0
        if len(points) < BATCH:
            break
        after = points[-1].pk
    return mended


def _sweep(keep: Keep, now: datetime) -> int:
    """Destroy keys over a day old whose respondent was never written."""
    removed, after = 0, None
    while keep():
        swept = subject_keys.sweep_orphans(_known, now=now, after=after)
        removed, after = removed + swept.removed, swept.after
        if after is None:
            break
    return removed


def _known(subjects: Collection[UUID]) -> set[UUID]:
    known = {NOBODY} & set(subjects)
    wanted = list(subjects)
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        known |= set(Respondent.objects.filter(pk__in=some).values_list("pk", flat=True))
        # Seeds of second factors are sealed under the key of the member of staff.
        known |= set(User.objects.filter(pk__in=some).values_list("pk", flat=True))
    return known
