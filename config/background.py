"""What runs in the background: the fixed schedules, the marks they leave, and the check of the queue's arithmetic."""

import logging
from ast import literal_eval
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.cache import caches

from followups.ticking import tasks
from kernel import clock

logger = logging.getLogger(__name__)

BEAT_TASK = "config.background.beat"
TICK_TASK = "config.background.tick"
UPKEEP_TASK = "casework.upkeep.upkeep"
RETENTION_TASK = "casework.retention.retention"
TRAIL_TASK = "casework.trail_upkeep.upkeep"
TRAIL_CHECK_TASK = "casework.trail_upkeep.check"
KEYS_TASK = "vault.rotation.nightly.change_keys"
EVERY_MINUTES = {
    "tick": (TICK_TASK, 1),
    "beat": (BEAT_TASK, 1),
    "trail": (TRAIL_TASK, 1),
    "trail_check": (TRAIL_CHECK_TASK, 60),
    "vault-keys": (KEYS_TASK, 1),
    "upkeep": (UPKEEP_TASK, 60),
    "retention": (RETENTION_TASK, 5),
}
"""Name -> function and minutes between runs, all without arguments.

One bad argument stops every schedule: all of them run in one transaction.
"""

FEW = 20
"""With so many tasks waiting nobody needs to ask for one more tick."""

# --- Marks: when a worker last did what -------------------------------------------------------------------------------


class Mark(StrEnum):
    """What leaves a mark; the moment is real time, also in a demo whose clock runs faster."""

    BEAT = "worker-beat"
    TICK = "worker-tick"


def beat() -> None:
    """Run by the worker: leave the moment where the readiness page can read it."""
    leave(Mark.BEAT)


def tick() -> dict[str, int]:
    """Run by the worker: one background pass, and its mark once it is through."""
    moved = tasks.tick()
    leave(Mark.TICK)
    return moved


def leave(mark: Mark) -> None:
    caches["marks"].set(mark, clock.wall().isoformat(), timeout=None)


def age(mark: Mark, now: datetime) -> timedelta | None:
    """How long ago a worker left this mark; None when none ever did, or the table was emptied."""
    kept = caches["marks"].get(mark)
    return max(now - datetime.fromisoformat(kept), timedelta(0)) if kept else None


# --- Schedules --------------------------------------------------------------------------------------------------------


def assert_schedules() -> None:
    """Make the schedules what they are here, whatever somebody made of the rows; safe to run at every start."""
    from django_q.models import Schedule

    for name, (function, minutes) in EVERY_MINUTES.items():
        steadily = {"func": function, "schedule_type": Schedule.MINUTES, "minutes": minutes, "repeats": -1}
        without_arguments = {"args": None, "kwargs": None, "hook": None, "cluster": None}
        # By name, always: unnamed schedules multiply at each start.
        Schedule.objects.update_or_create(name=name, defaults={**steadily, **without_arguments})
    for other in Schedule.objects.exclude(name__in=EVERY_MINUTES).exclude(repeats=0):
        if not can_be_read(other.args):
            logger.warning("Schedule %s would stop all the others; it is switched off", other.pk)
            Schedule.objects.filter(pk=other.pk).update(repeats=0)


def can_be_read(args: str | None) -> bool:
    """Whether the queue can read these arguments of a schedule; it stops scheduling anything when it cannot."""
    try:
        literal_eval(args or "()")
    except (ValueError, SyntaxError, TypeError):
        return False
    return True


def ask_for_a_tick() -> None:
    """Before a worker starts: let it go on at once. The schedules are looked at half a minute later.

    What the one before it had taken, ticks among it, comes back only after `retry`. One more tick does no harm, but
    a worker that can never stay up must not fill the queue with them.
    """
    from django_q.models import OrmQ
    from django_q.tasks import async_task

    if OrmQ.objects.count() < FEW:
        async_task(TICK_TASK)


# --- Arithmetic -------------------------------------------------------------------------------------------------------


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


@checks.register
def queue_is_in_the_database(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """Fail when the queue is elsewhere: the supervisor feels the worker's pulse in its table."""
    if settings.Q_CLUSTER.get("orm") == "default":
        return []
    return [
        checks.Error(
            "Q_CLUSTER has no queue in the main database; the supervisor could not see that a worker is stuck.",
            hint='Set "orm": "default", or teach config/watching.py the other queue.',
            id="config.E102",
        )
    ]
