"""How long a step took and how many statements it sent, over all of its runs."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import mean, median
from typing import Any


@dataclass
class Runs:
    """All runs of one step; `rows` is how many rows they moved, where a step moves any."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    rows: int = 0


class Meter:
    """Times what runs inside `step`, and counts its statements on both databases, savepoints included."""

    def __init__(self) -> None:
        self.steps: dict[str, Runs] = defaultdict(Runs)
        self._sent = 0

    def count(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self._sent += 1
        return execute(sql, params, many, context)

    @contextmanager
    def step(self, name: str) -> Iterator[Runs]:
        before, wall, cpu = self._sent, time.perf_counter(), time.process_time()
        runs = self.steps[name]
        yield runs
        runs.wall.append((time.perf_counter() - wall) * 1000)
        runs.cpu.append((time.process_time() - cpu) * 1000)
        runs.queries.append(self._sent - before)

    def report(self) -> dict[str, dict[str, float]]:
        """Per step: median and mean milliseconds by the clock, mean of the processor, mean statements, runs, rows."""
        return {name: _summary(runs) for name, runs in self.steps.items()}


def _summary(runs: Runs) -> dict[str, float]:
    return {
        "ms": round(median(runs.wall), 2),
        "ms_mean": round(mean(runs.wall), 2),
        "cpu_ms": round(mean(runs.cpu), 2),
        "queries": round(mean(runs.queries), 1),
        "runs": len(runs.wall),
        "rows": runs.rows,
    }
