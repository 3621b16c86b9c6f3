"""What runs in the background: the fixed schedules, the worker's beat, and the check of the queue's arithmetic."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.cache import cache

from kernel import clock

BEAT_KEY = "worker-beat"
BEAT_TASK = "config.background.beat"
TICK_TASK = "followups.ticking.tasks.tick"
UPKEEP_TASK = "casework.upkeep.upkeep"
EVERY_MINUTES = {"tick": (TICK_TASK, 1), "beat": (BEAT_TASK, 1), "upkeep": (UPKEEP_TASK, 60)}
"""Name -> function and minutes between runs, all without arguments.

One bad argument stops every schedule: all of them run in one transaction.
"""


def beat() -> None:
    """Run by the worker: leave the moment where supervisor and readiness page can read it."""
    cache.set(BEAT_KEY, clock.now().isoformat(), timeout=None)


def last_beat() -> datetime | None:
    """When a worker last ran a beat (aware UTC); None when none ever did, or the cache was emptied."""
    kept = cache.get(BEAT_KEY)
    return datetime.fromisoformat(kept) if kept else None


def beat_age(now: datetime) -> timedelta | None:
    """How long ago a worker last showed that it works; None when it never did."""
    at = last_beat()
    return None if at is None else max(now - at, timedelta(0))


def assert_schedules() -> None:
    """Make the schedules what they are here, whatever somebody made of the rows; safe to run at every start."""
    from django_q.models import Schedule

    for name, (function, minutes) in EVERY_MINUTES.items():
        steadily = {"func": function, "schedule_type": Schedule.MINUTES, "minutes": minutes, "repeats": -1}
        without_arguments = {"args": None, "kwargs": None, "hook": None, "cluster": None}
        # By name, always: unnamed schedules multiply at each start.
        Schedule.objects.update_or_create(name=name, defaults={**steadily, **without_arguments})


def least_retry_seconds(queue: dict[str, Any]) -> int:
    """The retry from which no task is handed out twice while it only waits in a busy worker's own queue.

    django-q2 counts `retry` from the moment a task leaves the broker, so the wait in memory counts too.
    """
    rounds = 1 + ceil((queue["queue_limit"] + queue["bulk"]) / queue["workers"])
    return int(queue["timeout"] * rounds + 30)


@checks.register
def retry_outlasts_the_queue(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """Fail when the queue would run a task a second time that is merely waiting."""
    queue: dict[str, Any] = settings.Q_CLUSTER
    least = least_retry_seconds(queue)
    if queue["retry"] > least:
        return []
    return [
        checks.Error(
            f"Q_CLUSTER retry is {queue['retry']} s; with these workers a task can wait {least} s and would run twice.",
            hint=f"Set retry above {least}, or lower timeout, queue_limit or bulk.",
            id="config.E101",
        )
    ]
