"""What of the background work is not well, judged from one reading of it; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from config.background import STALE
from config.marks import Mark
from config.operator_figures import Figures, JobLine

BEHIND = timedelta(minutes=10)
"""The tick comes each minute, and after a flood of work in slices of 20 seconds."""
CUT_OFF = timedelta(minutes=2)
"""No task may take longer than one."""


class Fault(StrEnum):
    WORKER_SILENT = "worker_silent"
    TICK_SILENT = "tick_silent"
    QUEUE_AWAY = "queue_away"
    QUEUE_WAITS = "queue_waits"
    BEHIND = "behind"
    JOB_OFF = "job_off"
    JOB_FAILED = "job_failed"
    JOB_CUT_OFF = "job_cut_off"
    JOB_LATE = "job_late"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is not well; `job` where it is about one."""

    fault: Fault
    job: str = ""


def troubles(seen: Figures) -> tuple[Trouble, ...]:
    """Everything that is not well, what stops all else first; empty when all is well."""
    return (*_of_the_whole(seen), *(one for job in seen.jobs for one in _of_a_job(job, seen)))


def _of_the_whole(seen: Figures) -> Iterator[Trouble]:
    for mark, fault in ((Mark.BEAT, Fault.WORKER_SILENT), (Mark.TICK, Fault.TICK_SILENT)):
        run = seen.job(mark).run
        if run is None or run.ended is None or seen.at - run.ended > STALE:
            yield Trouble(fault)
    if seen.queue is None:
        yield Trouble(Fault.QUEUE_AWAY)
    elif seen.queue.since and seen.at - seen.queue.since > STALE:
        yield Trouble(Fault.QUEUE_WAITS)
    if seen.lag > BEHIND:
        yield Trouble(Fault.BEHIND)


def _of_a_job(job: JobLine, seen: Figures) -> Iterator[Trouble]:
    """What is worst of a job: it never comes, its last run failed or was cut off, or it is late."""
    if job.next_at is None:
        yield Trouble(Fault.JOB_OFF, job.name)
    elif job.failed and _was_last(job):
        yield Trouble(Fault.JOB_FAILED, job.name)
    elif job.run and (job.run.ended is None or job.run.began > job.run.ended):
        if seen.at - job.run.began > CUT_OFF:
            yield Trouble(Fault.JOB_CUT_OFF, job.name)
    elif _is_late(job, seen):
        yield Trouble(Fault.JOB_LATE, job.name)


def _is_late(job: JobLine, seen: Figures) -> bool:
    """Whether it should have come by now; the two that say more when they are late are judged above."""
    if job.name in set(Mark) or job.run is None or job.run.ended is None:
        return False
    return seen.at - job.run.ended > timedelta(minutes=job.minutes) + STALE


def _was_last(job: JobLine) -> bool:
    """Whether it has not come through since it failed."""
    ended = job.run.ended if job.run else None
    return job.failed is not None and (ended is None or job.failed.last > ended)
