"""Callers who press at the same moment, all in one language: claims a second by one and by eight processes with a
caller each, and by eight and thirty-two callers at the two processes of eight threads that `manage.py up` starts.

Every press is by another account, as after a call has come to its end. The rounds of both sides take turns.
"""

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from statistics import median

from django.db import connections

from accounts.models import User
from benchmarks import callers, drivers
from benchmarks.bare_claim import BareClaim
from benchmarks.figures import QUICK, Figure, figure, quantile
from benchmarks.lives import NOW
from benchmarks.queue_state import QueueState
from followups.calling import claiming

WEB_WORKERS, WEB_THREADS = 2, 8
"""As many as the web server has."""
CLAIMS_A_ROUND = 8 if QUICK else 160
ROUNDS = 1 if QUICK else 5
SIDES = ("ours", "bare")
LONGEST_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many callers at so many processes, each with so many threads."""

    name: str
    callers: int
    processes: int
    threads: int = 1


CROWDS = (
    Crowd("1 worker", 1, 1),
    Crowd("8 workers", 8, 8),
    Crowd("8 callers", 8, WEB_WORKERS, WEB_THREADS),
    Crowd("32 callers", 32, WEB_WORKERS, WEB_THREADS),
)

Seconds = list[float]


def measure(size: int, database: str) -> Iterator[Figure]:
    """Claims a second of each crowd, and what the unluckiest twentieth of them waited."""
    people = callers.group("one")
    state = QueueState()
    for crowd in CROWDS[::2] if QUICK else CROWDS:
        connections.close_all()
        with ExitStack() as stack:
            each = CLAIMS_A_ROUND // crowd.processes
            workers = [
                stack.enter_context(_worker(crowd, people[nth * each : (nth + 1) * each]))
                for nth in range(crowd.processes)
            ]
            rates, waits = _rounds(workers, each, state)
        yield figure(
            f"claims, {crowd.name}", database, size,
            value=rates["ours"], bare=rates["bare"], unit="claims a second",
        )  # fmt: skip
        yield figure(
            f"claim p95, {crowd.name}", database, size, value=waits["ours"], bare=waits["bare"], unit="ms"
        )
    state.drop()


def _rounds(
    workers: Sequence[Connection], each: int, state: QueueState
) -> tuple[dict[str, float], dict[str, float]]:
    rates: dict[str, Seconds] = {side: [] for side in SIDES}
    waits: dict[str, Seconds] = {side: [] for side in SIDES}
    for number in range(ROUNDS + 1):
        for side in SIDES:
            seconds, took = _a_round(workers, side)
            state.restore(NOW)
            # The first round opens connections and plans statements.
            if number:
                rates[side].append(each * len(workers) / seconds)
                waits[side] += took
    return (
        {side: median(found) for side, found in rates.items()},
        {side: quantile(found, 0.95) * 1000 for side, found in waits.items()},
    )


def _a_round(workers: Sequence[Connection], side: str) -> tuple[float, Seconds]:
    began = time.perf_counter()
    for worker in workers:
        worker.send(side)
    took = [seconds for worker in workers for seconds in _answer(worker)]
    return time.perf_counter() - began, took


def _answer(worker: Connection) -> Seconds:
    if not worker.poll(LONGEST_SECONDS):
        raise AssertionError("a caller came to no end")
    found = worker.recv()
    if isinstance(found, str):
        raise AssertionError(found)
    return list(found)


@contextmanager
def _worker(crowd: Crowd, mine: Sequence[User]) -> Iterator[Connection]:
    """A process of the crowd, whose share of callers press as often as `mine` are whenever it is told to."""
    # Forked: Django is set up already, and no connection is open that could be shared.
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, crowd, mine), daemon=True)
    process.start()
    yield here
    here.send("")
    process.join()


def _serve(orders: Connection, crowd: Crowd, mine: Sequence[User]) -> None:
    here = crowd.callers // crowd.processes
    with ThreadPoolExecutor(crowd.threads) as served, ThreadPoolExecutor(here) as pressing:
        while side := orders.recv():
            press = _press_ours if side == "ours" else _press_bare
            # Each caller presses again when the answer to the press before is there.
            waiting = [pressing.submit(_presses, served, press, mine[nth::here]) for nth in range(here)]
            orders.send(_all(side, waiting))
    connections.close_all()


def _presses(served: ThreadPoolExecutor, press: Callable[[User], object], people: Sequence[User]) -> Seconds:
    """How long each press waited for its answer, for a thread of the server included."""
    took = []
    for by in people:
        began = time.perf_counter()
        if not served.submit(press, by).result():
            raise AssertionError("there was nobody to call")
        took.append(time.perf_counter() - began)
    return took


def _all(side: str, waiting: Sequence[Future[Seconds]]) -> Seconds | str:
    """How long each took, or why one of them failed."""
    try:
        return [seconds for one in waiting for seconds in one.result()]
    except Exception as reason:
        return f"{side}: {reason!r}"


_own = threading.local()


def _press_ours(by: User) -> object:
    return claiming.next_call(by=by, now=NOW)


def _press_bare(by: User) -> object:
    if not hasattr(_own, "bare"):
        # One connection for each thread, as the server's threads have; it goes with the process.
        _own.entered = drivers.connected("default")
        _own.bare = BareClaim(_own.entered.__enter__())
    return _own.bare.take(by, NOW)
