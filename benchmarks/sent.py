"""What a piece of work asked the databases, and the same questions asked again by the driver alone."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections

from benchmarks import drivers
from benchmarks.drivers import Driver

Asked = tuple[str, str, Any]
"""The alias, the text, the values."""


@contextmanager
def listening(*, only_reading: bool = True) -> Iterator[list[Asked]]:
    """The statements sent inside."""
    found: list[Asked] = []

    def listener(alias: str) -> Any:
        def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if not many and (not only_reading or sql.lstrip().startswith(("SELECT", "WITH"))):
                found.append((alias, sql, params))
            return execute(sql, params, many, context)

        return listen

    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(connections[alias].execute_wrapper(listener(alias)))
        yield found


class Repeating:
    """Sends statements again, each by a connection of the driver to its database."""

    def __init__(self, stack: ExitStack) -> None:
        self._drivers: dict[str, Driver] = {
            alias: stack.enter_context(drivers.connected(alias)) for alias in connections
        }
        self._is_sqlite = connections["default"].vendor == "sqlite"

    def seconds(self, asked: Sequence[Asked]) -> float:
        """How long they take one after the other, their rows read."""
        ready = [(self._drivers[alias], *self._in_its_words(sql, params)) for alias, sql, params in asked]
        began = time.perf_counter()
        for driver, sql, params in ready:
            driver.execute(sql, params).fetchall()
        took = time.perf_counter() - began
        for driver in self._drivers.values():
            driver.rollback()
        return took

    def _in_its_words(self, sql: str, params: Any) -> tuple[str, Any]:
        if not params:
            return sql.replace("%%", "%"), ()
        return (sql % (("?",) * len(params)) if self._is_sqlite else sql), tuple(params)
