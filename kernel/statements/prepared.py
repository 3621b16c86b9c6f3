"""What a statement and a change are: functions whose SQL is made for each shape of their values."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, models, router
from django.db.models.sql import UpdateQuery

from kernel.statements.per_connection import keep, kept, writing
from kernel.statements.selecting import Select
from kernel.statements.texts import Text, with_holes
from kernel.statements.values import Value, as_sent, flattened, shaped, stand_in

Row = TypeVar("Row")
Change = tuple[models.QuerySet[Any], dict[str, object]]
"""The rows to change, and what to write into each column."""


class _Prepared:
    """What statements and changes have in common: the shapes they were asked in, per connection."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._alias: str | None = None
        self.__doc__ = build.__doc__

    def _ready(self, values: tuple[Value, ...], make: Callable[..., Any]) -> tuple[Any, list[Any]]:
        shape, flat = flattened(values)
        if self._alias is not None:
            connection = connections[self._alias]
            if (ready := kept(connection).get((self, shape))) is not None:
                return ready, [as_sent(value, connection) for value in flat]
        stand_ins = [stand_in(value, place) for place, value in enumerate(flat)]
        ready, connection = make(self._build(*shaped(stand_ins, shape)), stand_ins)
        self._alias = connection.alias
        keep(connection, (self, shape), ready)
        return ready, [as_sent(value, connection) for value in flat]


class Statement(_Prepared, Generic[Row]):
    """A question; called with its values, it is the list of its rows."""

    def __call__(self, *values: Value) -> list[Row]:
        ready, sent = self._ready(values, _select)
        return ready.read(sent)  # type: ignore[no-any-return]

    def first(self, *values: Value) -> Row | None:
        """The first row; the function should ask for one only."""
        rows = self(*values)
        return rows[0] if rows else None

    def get(self, *values: Value) -> Row:
        """The first row; raises the model's `DoesNotExist` where there is none."""
        ready, sent = self._ready(values, _select)
        for row in ready.read(sent):
            return row  # type: ignore[no-any-return]
        raise ready.model.DoesNotExist


class Changing(_Prepared):
    """A change of rows; how many there were."""

    def __call__(self, *values: Value) -> int:
        (text, connection), sent = self._ready(values, _update)
        if text is None:
            return 0
        with writing(connection) as cursor:
            cursor.execute(text.sql, text.filled(sent))
            return int(cursor.rowcount)

    def many(self, each: Sequence[tuple[Value, ...]]) -> None:
        """The same change for each of these values, in one go; all of one shape."""
        if not each:
            return
        (text, connection), _first = self._ready(each[0], _update)
        flat = [flattened(values) for values in each]
        if any(shape != flat[0][0] for shape, _values in flat):
            raise TypeError("what is changed in one go is of one shape")
        if text is None:
            return
        sent = [[as_sent(value, connection) for value in values] for _shape, values in flat]
        with writing(connection) as cursor:
            cursor.executemany(text.sql, [text.filled(one) for one in sent])


def statement(build: Callable[..., models.QuerySet[Any, Row]]) -> Statement[Row]:
    """The rows of the queryset that `build` makes of its values."""
    return Statement(build)


def change(build: Callable[..., Change]) -> Changing:
    """Writes the columns that `build` names into the rows that it names."""
    return Changing(build)


def _select(rows: models.QuerySet[Any], stand_ins: Sequence[Any]) -> tuple[Select, Any]:
    connection = connections[rows.db]
    return Select(rows, connection, stand_ins), connection


def _update(wanted: Change, stand_ins: Sequence[Any]) -> tuple[tuple[Text | None, Any], Any]:
    rows, columns = wanted
    connection = connections[router.db_for_write(rows.model)]
    query: Any = rows.query.chain(UpdateQuery)
    query.add_update_values(columns)
    query.clear_ordering(force=True)
    try:
        made = query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return (None, connection), connection
    return (with_holes(made, stand_ins, connection), connection), connection
