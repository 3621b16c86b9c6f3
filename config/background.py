"""What runs in the background: the fixed schedules, and the jobs that they bring round."""

import logging
from ast import literal_eval
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

from django.utils.module_loading import import_string

from config import marks, queues
from config.marks import Mark
from kernel import clock

logger = logging.getLogger(__name__)

BEAT_TASK = "config.background.beat"
TICK_TASK = "config.background.tick"
TICKING = "followups.ticking.tasks.tick"
MENDING = "config.background.mend_schedules"
UPKEEP_TASK = "casework.upkeep.upkeep"
RETENTION_TASK = "casework.retention.retention"
TRAIL_TASK = "casework.trail_upkeep.upkeep"
TRAIL_CHECK_TASK = "casework.trail_upkeep.check"
KEYS_TASK = "vault.rotation.nightly.change_keys"
LEARNING_TASK = "followups.outlooks.nightly.learn"
EVERY_MINUTES = {
    "tick": (TICKING, 1),
    "beat": (MENDING, 1),
    "trail": (TRAIL_TASK, 1),
    "trail_check": (TRAIL_CHECK_TASK, 60),
    "vault-keys": (KEYS_TASK, 1),
    "upkeep": (UPKEEP_TASK, 60),
    "retention": (RETENTION_TASK, 5),
    # A millions' outlooks take a hundred runs or so; by day, and once it is through, a run asks one question.
    "learning": (LEARNING_TASK, 5),
}
"""Name -> function and minutes between runs, all without arguments.

One bad argument stops every schedule: all of them run in one transaction.
"""

FEW = 20
"""With so many tasks waiting nobody needs to ask for one more tick."""
STALE = timedelta(seconds=180)
"""Looked at every 30 s and due each minute: two that are missed are a stall, one is not."""

# --- Jobs -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """A function without arguments whose runs leave their marks. A run that fails leaves only that it began."""

    name: str
    path: str

    def __call__(self) -> Mapping[str, int]:
        began = marks.begin(self.name)
        moved: Mapping[str, int] = import_string(self.path)() or {}
        marks.end(self.name, began, moved)
        return moved


JOBS = SimpleNamespace(**{name: Job(name, path) for name, (path, _minutes) in EVERY_MINUTES.items()})
"""By name, as the queue finds them: a task is the path of what to call, `config.background.JOBS.trail`."""

beat: Job = JOBS.beat
tick: Job = JOBS.tick


def mend_schedules() -> dict[str, int]:
    """What the beat does, which the supervisor asks for too: bring the schedules back when no tick comes any more."""
    late = marks.age(Mark.TICK, clock.wall())
    if late is None or late <= STALE:
        return {}
    assert_schedules()
    return {"schedules": len(EVERY_MINUTES)}


# --- Schedules --------------------------------------------------------------------------------------------------------


def assert_schedules() -> None:
    """Make the schedules what they are here, whatever somebody made of the rows; safe to run at any time."""
    from django_q.models import Schedule

    for name, (_path, minutes) in EVERY_MINUTES.items():
        steadily = {"schedule_type": Schedule.MINUTES, "minutes": minutes, "repeats": -1}
        without_arguments = {"args": None, "kwargs": None, "hook": None, "cluster": None}
        # By name, always: unnamed schedules multiply at each start.
        Schedule.objects.update_or_create(
            name=name, defaults={"func": task_of(name), **steadily, **without_arguments}
        )
    for other in Schedule.objects.exclude(name__in=EVERY_MINUTES).exclude(repeats=0):
        if not can_be_read(other.args):
            logger.warning("Schedule %s would stop all the others; it is switched off", other.pk)
            Schedule.objects.filter(pk=other.pk).update(repeats=0)


def task_of(name: str) -> str:
    """The path under which the queue calls this job."""
    return {"tick": TICK_TASK, "beat": BEAT_TASK}.get(name, f"{__name__}.JOBS.{name}")


def can_be_read(args: str | None) -> bool:
    """Whether the queue can read these arguments of a schedule; it stops scheduling anything when it cannot."""
    try:
        literal_eval(args or "()")
    except (ValueError, SyntaxError, TypeError):
        return False
    return True


def ask_for_a_tick() -> None:
    """Before a worker starts: let it go on at once. The schedules are looked at half a minute later.

    What the one before it had taken, ticks among it, comes back only after `retry`, or from Redis not at all. One
    more tick does no harm, but a worker that can never stay up must not fill the queue with them.
    """
    from django_q.tasks import async_task

    queue = queues.here()
    if gone := queue.forget_what_is_too_old():
        logger.warning("%s tasks that nobody could do for a day are taken out of the queue", gone)
    found = queue.look()
    if found.waiting + (found.taken or 0) < FEW:
        async_task(TICK_TASK)
