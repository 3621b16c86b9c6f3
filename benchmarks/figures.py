"""One line of `var/bench.json`, and how two sides of a comparison are timed beside each other."""

import gc
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

QUICK = os.environ.get("BENCH_QUICK") == "1"
"""Shows that everything runs, in seconds; the figures of such a run say nothing."""

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured and on how much; `value` is ours and `bare` the primitive beside it, both in `unit`.

    `ratio` is `value / bare`: of rates, 0.5 takes twice the time of the primitive; of times, 2 does.
    """

    name: str
    database: str
    size: int
    value: float
    unit: str
    bare: float
    ratio: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def figure(name: str, database: str, size: int, *, value: float, bare: float, unit: str) -> Figure:
    """A figure with its ratio, rounded for people to read."""
    digits = 3 if unit == "ms" else 1
    return Figure(
        name, database, size, round(value, digits), unit, round(bare, digits), round(value / bare, 3)
    )


def quantile(took: Sequence[float], share: float) -> float:
    """The smallest of these that at least this share of them does not exceed."""
    return sorted(took)[max(math.ceil(share * len(took)) - 1, 0)]


def side_by_side(*works: Work, rounds: int) -> list[float]:
    """Median seconds of each, in rounds of one after the other: what else the machine does then falls on all of them.

    The first round warms up and does not count; who goes first changes from round to round.
    """
    took: list[list[float]] = [[] for _each in works]
    for number in range(rounds + 1):
        turns = list(enumerate(works))
        for which, work in reversed(turns) if number % 2 else turns:
            seconds = seconds_of(work)
            if number:
                took[which].append(seconds)
    return [median(each) for each in took]


def seconds_of(work: Work) -> float:
    """How long it took by the clock, without the pauses of a garbage collection that others caused."""
    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began
    finally:
        gc.enable()


def at_most(rounds: int) -> int:
    """As many rounds as asked for, and one in a quick run."""
    return 1 if QUICK else rounds
