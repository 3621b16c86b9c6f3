"""The nightly work: a contact model from all calls, and the outlook of everybody who is owed an interview.

Everybody's window stands open for it. Beside it stand the bare reading of the same calls and the bare writing of as
many rows, by the driver: what any choice of slots for everybody has to do.
"""

import os
import sys
import time
from collections.abc import Iterator

from django.db import connections

from benchmarks import drivers
from benchmarks.figures import Figure, figure
from benchmarks.lives import NOW
from benchmarks.queue_state import run
from followups.outlooks.foreseeing import choose_all

PROCESSES = 2
READ = "SELECT respondent_id, follow_up_id, started_at, slot, was_reached, disposition, number FROM followups_attempt"
WRITTEN = (
    "CREATE TABLE bench_outlooks AS SELECT id, respondent_id, '01234567' AS chances FROM followups_followup"
    " WHERE state IN ('open', 'ready', 'resting')"
)
MEGABYTE = 1024 * 1024


def measure(size: int, database: str) -> Iterator[Figure]:
    """Respondents a second, the seconds of all of it, and the memory of all its processes."""
    run("UPDATE followups_followup SET state = 'open', issued_at = opens_at WHERE state = 'planned'")
    connections.close_all()
    chosen = choose_all(NOW, PROCESSES)
    bare = _bare()
    yield figure(
        "slots for everybody", database, size,
        value=chosen.people / chosen.seconds, bare=chosen.people / bare, unit="respondents a second",
    )  # fmt: skip
    yield figure(
        "slots for everybody, time", database, size, value=chosen.seconds * 1000, bare=bare * 1000, unit="ms"
    )
    itself = _resident()
    yield figure(
        "slots for everybody, memory", database, size,
        value=chosen.peak_bytes / MEGABYTE, bare=itself / MEGABYTE, unit="MiB",
    )  # fmt: skip
    print(f"slots for {chosen.people:,} follow-ups with {PROCESSES} processes", file=sys.stderr)  # noqa: T201


def _bare() -> float:
    with drivers.connected("default") as driver:
        began = time.perf_counter()
        for _row in driver.execute(READ):
            pass
        driver.execute(WRITTEN)
        driver.commit()
        took = time.perf_counter() - began
        driver.execute("DROP TABLE bench_outlooks")
        driver.commit()
    return took


def _resident() -> int:
    """The memory of a process of Recontact that does nothing."""
    with open("/proc/self/statm", encoding="ascii") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
