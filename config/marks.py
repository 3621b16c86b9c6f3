"""The marks that jobs leave: when each last began and came through, how long it took and what it moved."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.cache import caches

from kernel import clock


class Mark(StrEnum):
    """The two that tell whether the worker works; every job leaves one under its own name."""

    BEAT = "beat"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of the runs of a job, in real time, also in a demo whose clock runs faster.

    `began` is later than `ended` while it is at work, and after it failed or was cut off.
    """

    began: datetime
    ended: datetime | None = None
    seconds: float = 0
    moved: Mapping[str, int] = field(default_factory=dict)


def begin(name: str) -> datetime:
    """Say that a run begins; when it did."""
    now, last = clock.wall(), last_run(name)
    _keep(name, Run(now, last.ended, last.seconds, last.moved) if last else Run(now))
    return now


def end(name: str, began: datetime, moved: Mapping[str, int]) -> None:
    """Say that the run which began then has come through, and what it moved."""
    now = clock.wall()
    _keep(name, Run(began, now, round((now - began).total_seconds(), 3), dict(moved)))


def leave(name: str) -> None:
    """A mark of a run that took no time and moved nothing."""
    end(name, clock.wall(), {})


def last_run(name: str) -> Run | None:
    return last_runs([name]).get(name)


def last_runs(names: Iterable[str]) -> dict[str, Run]:
    """The last runs of these jobs, in one query; those that never ran, or whose mark is gone, are left out."""
    kept = caches["marks"].get_many([_key(name) for name in names])
    return {name: Run(**kept[_key(name)]) for name in names if _key(name) in kept}


def age(name: str, now: datetime) -> timedelta | None:
    """How long ago a run of this job came through; None when none ever did, or the table was emptied."""
    run = last_run(name)
    return max(now - run.ended, timedelta(0)) if run and run.ended else None


def _keep(name: str, run: Run) -> None:
    caches["marks"].set(_key(name), asdict(run), timeout=None)


def _key(name: str) -> str:
    return f"ran-{name}"
