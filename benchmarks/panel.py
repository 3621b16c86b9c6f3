"""A panel of `size` people with five attempts each, and what is measured on it: claims, ticks, choices, pages.

`BENCH_PARTS="claims ticks"` measures only some. `BENCH_SEEDED=1` takes the databases as they are, with a panel that an
earlier run left in them; its keys are in the folder that `BENCH_KEYS` names.
"""

import os
import sys
import time
from collections.abc import Iterator
from importlib import import_module

from django.db import connections

from benchmarks import bulk, callers, lives
from benchmarks.figures import QUICK, Figure
from benchmarks.seeding import numbers_for_nobody, seed, settle, tables_of
from tracker.models import Respondent

PARTS = ("claims", "crowds", "ticks", "pages", "choices")
"""In this order: the last changes the most."""
FEW_LIVES = 12


def measure(size: int, database: str) -> Iterator[Figure]:
    """The figures of every part that was asked for."""
    if os.environ.get("BENCH_SEEDED") != "1":
        grow(size)
    asked = os.environ.get("BENCH_PARTS", "").split()
    for part in [one for one in PARTS if not asked or one in asked]:
        began = time.perf_counter()
        yield from import_module(f"benchmarks.{part}").measure(size, database)
        _tell(f"{part} on {database} at {size:,} took {time.perf_counter() - began:,.0f} s")


def live(size: int = 0, database: str = "") -> Iterator[Figure]:
    """The study and its lives alone: databases that panels of several sizes can be grown in, each in a copy."""
    with bulk.not_durably():
        lives.Lives(lives.study(), FEW_LIVES if QUICK else lives.PEOPLE).live()
    return iter(())


def grow(size: int) -> None:
    """The study, the lives where there are none yet, the copies, the callers."""
    began = time.perf_counter()
    if not Respondent.objects.exists():
        live()
    patterns = lives.patterns()
    lived = time.perf_counter()
    with bulk.not_durably():
        with bulk.quickly(tables_of(patterns)):
            seed(patterns, numbers_for_nobody(max(size - Respondent.objects.count(), 0)))
            written = time.perf_counter()
        callers.hire()
        settle()
    took = (lived - began, written - lived, time.perf_counter() - written)
    database = connections["default"].vendor
    _tell(
        f"{size:,} people with {lives.attempts_each():.1f} attempts each on {database}: patterns lived"
        f" {took[0]:,.0f} s, written {took[1]:,.0f} s, indexes and statistics {took[2]:,.0f} s"
    )


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201
