"""Putting into the queue what was found ready for later, once its span has begun; a claim walks over nothing else."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from followups.models import FollowUp
from kernel.statements import statement

AT_ONCE = 2000
"""Rows a transaction, so that a claim on SQLite never waits long."""
BEHIND = timedelta(minutes=2)
"""The tick comes every minute: what has waited longer shows that nobody ticks, and a claim does it then."""


def begin(*, now: datetime) -> int:
    """Put the next rows whose span has begun into the queue; how many. Less than `AT_ONCE` is all there were."""
    if not _is_any(now):
        return 0
    due = FollowUp.objects.to_begin_at(now).order_by("ready_from").values("pk")
    with transaction.atomic():
        some = due.select_for_update(skip_locked=True, no_key=True)[:AT_ONCE]
        return FollowUp.objects.filter(pk__in=some).update(has_begun=True)


def is_behind(now: datetime) -> bool:
    """Whether somebody has waited for the tick for too long."""
    return bool(_is_any(now - BEHIND))


@statement
def _is_any(now: datetime) -> QuerySet[FollowUp, Any]:
    return FollowUp.objects.filter(has_begun=False).ready_at(now).order_by("ready_from").values_list("pk")[:1]
