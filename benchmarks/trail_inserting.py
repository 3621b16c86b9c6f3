"""Recording events in the trail, one transaction each, beside a bare INSERT of the same row into the same table.

There are two bare sides. One is the driver alone, `execute` and `commit`, as fast as anything can be. The other is the
same INSERT by a cursor of Django's inside `transaction.atomic()`, where every event is written: the rest is what the
trail adds. All write the columns of one event into a trail that holds `size` events already, from one process and, on
PostgreSQL, from eight at once.
"""

import json
import multiprocessing
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from typing import Any
from uuid import uuid4

from django.db import connections, transaction

from audit import trail
from audit.actions import Action
from audit.models import AuditEvent
from benchmarks import drivers
from benchmarks.drivers import Driver
from benchmarks.figures import QUICK, Figure, Work, at_most, figure, side_by_side

ROWS = 20 if QUICK else 400
MANY_WRITERS = 2 if QUICK else 8
ROUNDS = at_most(9)
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ACTOR, ATTEMPT, PERSON = uuid4(), uuid4(), uuid4()
COLUMNS = tuple(field.column for field in AuditEvent._meta.local_concrete_fields if not field.primary_key)

SIDES = ("ours", "driver", "atomic")

Row = tuple[Any, ...]


def measure(size: int, database: str) -> Iterator[Figure]:
    """Rows a second with one writer, and with eight where the database lets several write at once."""
    _fill(size)
    row = _a_row(database)
    connections.close_all()
    for count in (1, MANY_WRITERS) if database == "postgres" else (1,):
        yield from _with_writers(count, size, database, row)


def _fill(size: int) -> None:
    for start in range(0, size, 1000):
        AuditEvent.objects.bulk_create([_event() for _each in range(min(1000, size - start))])


def _event() -> AuditEvent:
    return AuditEvent(at=AT, actor_id=uuid4(), action=Action.DIAL_ORDERED, audit_ref=uuid4(), outcome="done")


def _record() -> None:
    trail.record(
        Action.DIAL_ORDERED,
        by=ACTOR,
        at=AT,
        audit_ref=PERSON,
        object_type="attempt",
        object_id=ATTEMPT,
        detail={"number": 1, "gateway": "simulator"},
    )


def _a_row(database: str) -> Row:
    """The columns of one recorded event, as the driver hands them out and takes them back."""
    with transaction.atomic():
        _record()
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM audit_auditevent ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
    return tuple(json.dumps(value) if isinstance(value, dict) else value for value in row)


def _with_writers(count: int, size: int, database: str, row: Row) -> Iterator[Figure]:
    with ExitStack() as stack:
        writers = [stack.enter_context(_writer(row)) for _each in range(count)]
        works = [partial(_all_write, writers, side) for side in SIDES]
        took = side_by_side(*works, rounds=ROUNDS)
    ours, driver, in_atomic = (count * ROWS / seconds for seconds in took)
    name = f"trail insert, {count} writer{'s' if count > 1 else ''}"
    yield figure(name, database, size, value=ours, bare=driver, unit="rows a second")
    yield figure(f"{name}, in atomic", database, size, value=ours, bare=in_atomic, unit="rows a second")


@contextmanager
def _writer(row: Row) -> Iterator[Connection]:
    """A process that writes ROWS rows, one way or the other, each time it is told to."""
    # Forked: Django is set up already, and no connection is open that could be shared.
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, row), daemon=True)
    process.start()
    yield here
    here.send("")
    process.join()


def _all_write(writers: list[Connection], side: str) -> None:
    for writer in writers:
        writer.send(side)
    for writer in writers:
        writer.recv()


def _serve(orders: Connection, row: Row) -> None:
    with drivers.connected("default") as driver:
        statement = drivers.insert_into("audit_auditevent", COLUMNS, driver)
        sides: dict[str, Work] = {
            "ours": _ours,
            "driver": partial(_by_the_driver, driver, statement, row),
            "atomic": partial(_by_django, statement.replace("?", "%s"), row),
        }
        while side := orders.recv():
            for _each in range(ROWS):
                sides[side]()
            orders.send(side)
    connections.close_all()


def _ours() -> None:
    with transaction.atomic():
        _record()


def _by_the_driver(driver: Driver, statement: str, row: Row) -> None:
    driver.execute(statement, row)
    driver.commit()


def _by_django(statement: str, row: Row) -> None:
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(statement, row)
