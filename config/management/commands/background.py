"""`manage.py background`: the background work at this moment, for people and for what watches machines."""

import json
import sys
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand

from config import operator_words as words
from config.operator_figures import Figures, JobLine, figures
from config.operator_judging import Trouble, troubles
from kernel import clock


class Command(BaseCommand):
    """Exit codes: 0 all is well, 1 something is not."""

    help = (
        "Tell the queue, how far behind the tick is, the last run of each job, what failed and the clusters."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        seen = figures(clock.wall())
        found = troubles(seen)
        self.stdout.write(json.dumps(told(seen, found), indent=1) if options["json"] else text(seen, found))
        if found:
            sys.exit(1)


def told(seen: Figures, found: tuple[Trouble, ...]) -> dict[str, Any]:
    """Moments in UTC, spans in seconds; no argument and no message of a task."""
    queue = seen.queue
    return {
        "at": seen.at.isoformat(),
        "is_well": not found,
        "not_well": [{"fault": one.fault, "job": one.job, "sentence": words.sentence(one)} for one in found],
        "queue": queue and {"waiting": queue.waiting, "taken": queue.taken, "since": _moment(queue.since)},
        "lag_seconds": seen.lag.total_seconds(),
        "lags_seconds": {kind.value: lag.total_seconds() for kind, lag in seen.lags.items()},
        "jobs": {job.name: _job(job) for job in seen.jobs},
        "failures": {
            one.task: {"hour": one.in_an_hour, "day": one.in_a_day, "last": _moment(one.last)}
            for one in seen.failed
        },
        "clusters": [
            {
                "host": one.host,
                "since": _moment(one.since),
                "workers": one.workers,
                "replaced": one.replaced,
            }
            for one in seen.clusters
        ],
    }


def text(seen: Figures, found: tuple[Trouble, ...]) -> str:
    queue = seen.queue
    lines = [f"FAIL {words.sentence(one)} {words.NEXT_STEP[one.fault]}" for one in found]
    lines += ["ok   Everything runs."] if not found else []
    lines.append(f"queue: {queue.waiting} tasks wait" if queue else "queue: does not answer")
    lines.append(f"behind by {int(seen.lag.total_seconds())} s")
    lines += [_line(job, seen.at) for job in seen.jobs]
    lines += [
        f"failed: {one.task}, {one.in_an_hour} in an hour, {one.in_a_day} in a day" for one in seen.failed
    ]
    lines += [f"cluster on {one.host}: {one.workers} workers" for one in seen.clusters]
    return "\n".join(lines)


def _job(job: JobLine) -> dict[str, Any]:
    run = job.run
    return {
        "every_minutes": job.minutes,
        "began": _moment(run.began if run else None),
        "ended": _moment(run.ended if run else None),
        "seconds": run.seconds if run else None,
        "moved": dict(run.moved) if run else {},
        "next": _moment(job.next_at),
    }


def _line(job: JobLine, at: datetime) -> str:
    if job.run is None or job.run.ended is None:
        return f"{job.name}: has not come through yet"
    ago = int((at - job.run.ended).total_seconds())
    return f"{job.name}: {ago} s ago, took {job.run.seconds:.1f} s, moved {words.moved(job.run.moved)}"


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
