"""Wrapping everybody's key under a new epoch key, beside the bare UPDATE of the same rows with values at hand.

Both sides write a thousand rows in each transaction. Ours reads the keys, opens each and wraps it anew; the bare side
has the new columns worked out beforehand and hands them to the driver by `executemany`. `vault_rotate` is all of a
change of keys: the new key, the wrapping, a copy of the vault in which every key is opened, the old key destroyed.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import Any
from uuid import uuid4

from benchmarks import drivers
from benchmarks.drivers import Driver
from benchmarks.figures import Figure, at_most, figure, seconds_of
from kernel import clock
from vault import contents as keys
from vault import epochs, providers, subject_keys
from vault.models import SubjectKey
from vault.primitives import fresh_key
from vault.rotating import Run, rewrap, rotate

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
BATCH = 1000
ROUNDS = at_most(3)
AT_ONCE = 10_000
LONGEST_WAIT_SECONDS = 60

Row = tuple[Any, ...]


def measure(size: int, database: str) -> Iterator[Figure]:
    """Keys a second: of wrapping them anew, and of a whole change of keys."""
    for start in range(0, size, AT_ONCE):
        subject_keys.create([uuid4() for _each in range(min(AT_ONCE, size - start))], now=AT)
    mine, theirs = _rewrapping()
    yield figure(
        "keys wrapped anew", database, size, value=size / mine, bare=size / theirs, unit="rows a second"
    )
    _rotate()
    whole = median(seconds_of(_rotate) for _round in range(ROUNDS))
    yield figure("vault_rotate", database, size, value=size / whole, bare=size / theirs, unit="rows a second")


def _rewrapping() -> tuple[float, float]:
    """Seconds of both sides, in turns."""
    mine, theirs = [], []
    with drivers.connected("vault") as driver:
        for _round in range(ROUNDS):
            _next_epoch()
            mine.append(seconds_of(_rewrap_all))
            _next_epoch()
            rows = _renewed(driver)
            theirs.append(seconds_of(partial(_update, driver, rows)))
    return median(mine), median(theirs)


def _next_epoch() -> None:
    """A new key wraps, and everything is under a retired one."""
    provider = providers.provider()
    before = provider.contents()
    grown = keys.with_kek(before, fresh_key())
    [new] = grown.keks.keys() - before.keks.keys()
    provider.replace(keys.promoted(grown, new))
    epochs.announce(new, now=AT)
    if not epochs.promote(new):
        raise AssertionError("the new key did not become the current one")


def _rewrap_all() -> None:
    after = rewrap(BATCH).after
    while after:
        after = rewrap(BATCH, after=after).after


def _rotate() -> None:
    if not rotate(Run(clock.now, patience_seconds=LONGEST_WAIT_SECONDS, batch=BATCH)).is_through:
        raise AssertionError("the keys were not changed")


def _renewed(driver: Driver) -> list[Row]:
    """The new columns of every row and what it is found by, as the driver takes them."""
    ring, has_uuids = providers.keyring(fresh=True), drivers.place(driver) == "%s"
    rows = SubjectKey.objects.order_by("pk").values_list("subject", "generation", "kek_id", "wrapped")
    found = []
    for subject, generation, kek_id, wrapped in rows:
        before = bytes(kek_id)
        anew = ring.rewrap(before, bytes(wrapped), subject=subject, generation=generation)
        found.append((*anew, subject if has_uuids else subject.hex, generation, before))
    return found


def _update(driver: Driver, rows: Sequence[Row]) -> None:
    columns = "kek_id = {0}, wrapped = {0} WHERE subject = {0} AND generation = {0} AND kek_id = {0}"
    statement = f"UPDATE vault_subjectkey SET {columns.format(drivers.place(driver))}"  # noqa: S608
    for start in range(0, len(rows), BATCH):
        driver.cursor().executemany(statement, rows[start : start + BATCH])
        driver.commit()
