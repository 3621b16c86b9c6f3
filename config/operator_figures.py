"""What an operator sees of the background work: one reading of the queue, the jobs, what failed, and the clusters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Max, Q

from config import marks, queues
from config.background import EVERY_MINUTES, task_of
from config.marks import Run
from config.queues import QueueAway, Waiting
from followups.ticking import passes
from kernel import clock

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = {task_of(name): name for name in EVERY_MINUTES}
ELSEWHERE = "elsewhere"
"""A failed task of a name that is none of ours; the name is not repeated."""


class Due(StrEnum):
    """What the tick has to see to, by time."""

    WINDOW_TO_OPEN = "window_to_open"
    LOOK = "look"
    WINDOW_TO_CLOSE = "window_to_close"


@dataclass(frozen=True, slots=True)
class Failed:
    """How often a task failed in a day and in the last hour, and when last; not with what."""

    task: str
    in_a_day: int
    in_an_hour: int
    last: datetime


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job: how often it comes, its last run, when it comes next (None: never), and whether it failed."""

    name: str
    minutes: int
    run: Run | None
    next_at: datetime | None
    failed: Failed | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A live cluster, by what it says of itself."""

    host: str
    since: datetime
    workers: int
    replaced: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it at one moment of real time; `queue` is None while it does not answer."""

    at: datetime
    queue: Waiting | None
    lags: Mapping[Due, timedelta]
    jobs: tuple[JobLine, ...]
    failed: tuple[Failed, ...]
    clusters: tuple[Seen, ...]

    @property
    def lag(self) -> timedelta:
        """How long the oldest thing has been due that the tick has not seen to."""
        return max(self.lags.values(), default=timedelta(0))

    def job(self, name: str) -> JobLine:
        return next(job for job in self.jobs if job.name == name)


def figures(wall: datetime) -> Figures:
    """Read everything: a fixed number of questions, each answered from an index or a table that stays small."""
    failed = _failed(wall)
    try:
        queue, clusters = queues.here().look(), _clusters()
    except QueueAway:
        queue, clusters = None, ()
    return Figures(wall, queue, _lags(wall), _jobs(failed), tuple(failed.values()), clusters)


def _lags(wall: datetime) -> dict[Due, timedelta]:
    """For how long the oldest of each kind has been due, in real time: a demo's clock may run faster."""
    now, speed = clock.now(), clock.course().speed_at(wall)
    asked: tuple[tuple[Due, Any, str], ...] = (
        (Due.WINDOW_TO_OPEN, passes.TO_OPEN, "opens_at"),
        (Due.LOOK, passes.TO_LOOK_AT, "look_at"),
        (Due.WINDOW_TO_CLOSE, passes.TO_CLOSE, "closes_at"),
    )
    oldest = {
        kind: due.rows(now).order_by(column).values_list(column, flat=True).first()
        for kind, due, column in asked
    }
    return {kind: (now - moment) / speed for kind, moment in oldest.items() if moment}


def _jobs(failed: Mapping[str, Failed]) -> tuple[JobLine, ...]:
    from django_q.models import Schedule

    runs = marks.last_runs(EVERY_MINUTES)
    coming = Schedule.objects.filter(name__in=EVERY_MINUTES).exclude(repeats=0)
    next_runs = dict(coming.values_list("name", "next_run"))
    return tuple(
        JobLine(name, minutes, runs.get(name), next_runs.get(name), failed.get(name))
        for name, (_path, minutes) in EVERY_MINUTES.items()
    )


def _failed(wall: datetime) -> dict[str, Failed]:
    """By the name of the job, the latest first."""
    from django_q.models import Failure

    rows = (
        Failure.objects.filter(stopped__gt=wall - DAY)
        .order_by()
        .values_list("func")
        .annotate(
            in_a_day=Count("pk"),
            in_an_hour=Count("pk", filter=Q(stopped__gt=wall - HOUR)),
            last=Max("stopped"),
        )
    )
    found: dict[str, Failed] = {}
    for func, in_a_day, in_an_hour, last in sorted(rows, key=lambda row: row[3], reverse=True):
        name = NAMES.get(func, ELSEWHERE)
        known = found.get(name, Failed(name, 0, 0, last))
        found[name] = Failed(name, known.in_a_day + in_a_day, known.in_an_hour + in_an_hour, known.last)
    return found


def _clusters() -> tuple[Seen, ...]:
    from django_q.signing import BadSignature, SignedPackage

    found = []
    for report in queues.here().reports():
        try:
            one = SignedPackage.loads(report)
        except BadSignature:
            # Of a cluster that signs with another secret: none of ours.
            continue
        found.append(Seen(one.host, one.tob, len(one.workers), one.reincarnations))
    return tuple(sorted(found, key=lambda one: (one.host, one.since)))
