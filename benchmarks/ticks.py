"""One background pass: when nothing is due, and with the rows that a usual minute brings.

Beside a quiet tick stand the questions it asks, by the driver; beside a busy one the bare UPDATE of the same rows.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from statistics import median

from django.db import connections

from benchmarks import drivers
from benchmarks.figures import QUICK, Figure, figure, quantile
from benchmarks.lives import NOW
from benchmarks.queue_state import run
from benchmarks.sent import Repeating, listening
from followups.models import FollowUp
from followups.models.follow_ups import LIVE
from followups.ticking.tick import tick

QUIET = 3 if QUICK else 40
MINUTES = 1 if QUICK else 3
MOST_TICKS = 200
DUE_IN_A_MINUTE = 20 if QUICK else 500
"""A thousand enumerators make that many calls in ten minutes, and as many rows again come up by the clock."""
LOOKED_AT = ("waiting_for", "priority", "attempts_made", "state", "look_at")


def measure(size: int, database: str) -> Iterator[Figure]:
    """Milliseconds of a quiet tick, and rows a second of a busy one."""
    _until_quiet(NOW)
    ours, bare = _quiet()
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        yield figure(
            f"quiet tick {name}", database, size,
            value=quantile(ours, share) * 1000, bare=quantile(bare, share) * 1000, unit="ms",
        )  # fmt: skip
    mine, theirs = _busy()
    yield figure(
        "tick with a minute's rows", database, size,
        value=DUE_IN_A_MINUTE / mine, bare=DUE_IN_A_MINUTE / theirs, unit="rows a second",
    )  # fmt: skip


def _until_quiet(now: datetime) -> None:
    for _tick in range(MOST_TICKS):
        moved = tick(now)
        if not any(count for name, count in moved.items() if name != "waiting_counted"):
            return
    raise AssertionError("the tick always found something more to do")


def _quiet() -> tuple[list[float], list[float]]:
    """Ticks of one minute after the other in which nothing comes up."""
    ours, bare = list[float](), list[float]()
    with ExitStack() as stack:
        repeating = Repeating(stack)
        for number in range(QUIET + 1):
            # A second later each time: what a tick does now and then comes now and then.
            at = NOW + timedelta(seconds=number)
            with listening() as asked:
                began = time.perf_counter()
                tick(at)
                ours.append(time.perf_counter() - began)
            bare.append(repeating.seconds(asked))
    return ours[1:], bare[1:]


def _busy() -> tuple[float, float]:
    mine, theirs = list[float](), list[float]()
    live = ", ".join(f"'{state.value}'" for state in LIVE)
    for _minute in range(MINUTES):
        some = (
            f"SELECT id FROM followups_followup WHERE state IN ({live}) ORDER BY id LIMIT {DUE_IN_A_MINUTE}"
        )
        run(f"UPDATE followups_followup SET look_at = %s WHERE id IN ({some})", [NOW])
        began = time.perf_counter()
        moved = tick(NOW + timedelta(minutes=1))
        mine.append(time.perf_counter() - began)
        if moved["looked_at"] < DUE_IN_A_MINUTE:
            raise AssertionError("the tick left rows that were due")
        theirs.append(_bare_update())
    return median(mine), median(theirs)


def _bare_update() -> float:
    """The columns that a look writes, written once more as they are."""
    rows = FollowUp.objects.filter(state__in=LIVE).order_by("pk").values_list(*LOOKED_AT, "pk")
    is_sqlite = connections["default"].vendor == "sqlite"
    sent = [tuple(_sent(value, is_sqlite) for value in row) for row in rows[:DUE_IN_A_MINUTE]]
    with drivers.connected("default") as driver:
        place = drivers.place(driver)
        sets = ", ".join(f"{column} = {place}" for column in LOOKED_AT)
        began = time.perf_counter()
        driver.cursor().executemany(f"UPDATE followups_followup SET {sets} WHERE id = {place}", sent)
        driver.commit()
        return time.perf_counter() - began


def _sent(value: object, is_sqlite: bool) -> object:
    if not is_sqlite:
        return value
    if isinstance(value, datetime):
        return connections["default"].ops.adapt_datetimefield_value(value)
    return getattr(value, "hex", value)
