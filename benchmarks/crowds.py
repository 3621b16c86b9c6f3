"""Callers who press at the same moment: claims a second by one, eight and thirty-two processes, all in one language.

Every process has callers of its own and takes one claim for each; the rounds of both sides take turns.
"""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
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

CROWDS = (1, 2) if QUICK else (1, 8, 32)
CLAIMS_A_ROUND = 8 if QUICK else 160
ROUNDS = 1 if QUICK else 5
SIDES = ("ours", "bare")
LONGEST_SECONDS = 120

Seconds = list[float]


def measure(size: int, database: str) -> Iterator[Figure]:
    """Claims a second of each crowd, and what the unluckiest twentieth of them waited."""
    people = callers.group("one")
    state = QueueState()
    for count in CROWDS:
        connections.close_all()
        with ExitStack() as stack:
            each = CLAIMS_A_ROUND // count
            workers = [
                stack.enter_context(_worker(people[nth * each : (nth + 1) * each])) for nth in range(count)
            ]
            rates, waits = _rounds(workers, each, state)
        name = f"{count} caller{'s' if count > 1 else ''} at once"
        yield figure(
            f"claims, {name}", database, size, value=rates["ours"], bare=rates["bare"], unit="claims a second"
        )
        yield figure(f"claim p95, {name}", database, size, value=waits["ours"], bare=waits["bare"], unit="ms")
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
def _worker(mine: Sequence[User]) -> Iterator[Connection]:
    """A process that claims once for each of its callers whenever it is told to."""
    # Forked: Django is set up already, and no connection is open that could be shared.
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, mine), daemon=True)
    process.start()
    yield here
    here.send("")
    process.join()


def _serve(orders: Connection, mine: Sequence[User]) -> None:
    with drivers.connected("default") as driver:
        bare = BareClaim(driver)
        while side := orders.recv():
            orders.send(_all(side, mine, bare))
    connections.close_all()


def _all(side: str, mine: Sequence[User], bare: BareClaim) -> Seconds | str:
    """How long each took, or why one of them failed."""
    try:
        return [_seconds_of(side, by, bare) for by in mine]
    except Exception as reason:
        return f"{side}: {reason!r}"


def _seconds_of(side: str, by: User, bare: BareClaim) -> float:
    began = time.perf_counter()
    found = claiming.next_call(by=by, now=NOW) if side == "ours" else bare.take(by, NOW)
    if not found:
        raise AssertionError(f"{side}: there was nobody to call")
    return time.perf_counter() - began
