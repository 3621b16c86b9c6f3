"""Reading: a queryset whose SQL is worked out, sent again, and its rows made as Django makes them."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import models, transaction
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)

from kernel.statements.per_connection import literal_of, selected
from kernel.statements.texts import Text, with_holes


class Select:
    """A queryset whose SQL, and the way from its columns to its rows, are worked out; one connection's."""

    def __init__(self, rows: models.QuerySet[Any], connection: Any, stand_ins: Sequence[Any]) -> None:
        compiler: Any = rows.query.get_compiler(connection=connection)
        self.connection = connection
        self.model = rows.model
        self.locks = rows.query.select_for_update and connection.features.has_select_for_update
        self.text: Text | None = None
        try:
            text = with_holes(compiler.as_sql(), stand_ins, connection)
            self.text = (
                text if connection.vendor != "postgresql" else text.with_literals(literal_of(connection))
            )
        except EmptyResultSet:
            return
        columns = [one[0] for one in compiler.select[: compiler.col_count]]
        self.converters = list(compiler.get_converters(columns).items())
        self.make = _maker(rows, compiler, connection.alias)

    def read(self, values: Sequence[Any]) -> list[Any]:
        if self.text is None:
            return []
        if self.locks and self.connection.get_autocommit():
            raise transaction.TransactionManagementError("Rows are locked inside a transaction only.")
        found = selected(self.connection, self.text, list(values))
        return [self.make(self._converted(row)) for row in found]

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, (converters, expression) in self.converters:
            value = values[place]
            for convert in converters:
                value = convert(value, expression, self.connection)
            values[place] = value
        return values


def _maker(rows: Any, compiler: Any, alias: str) -> Callable[[list[Any]], Any]:
    """What makes a row of converted columns: as Django's own reading does, with its questions asked once."""
    kind, columns = rows._iterable_class, compiler.col_count
    if kind is FlatValuesListIterable:
        return lambda row: row[0]
    if kind is ValuesListIterable:
        return lambda row: tuple(row[:columns])
    if kind is not ModelIterable or rows._prefetch_related_lookups or compiler.annotation_col_map:
        raise TypeError("a statement reads models, or lists of values")
    info = compiler.klass_info
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [one[0].target.attname for one in compiler.select[first:last]]
    joined = get_related_populators(info, compiler.select, alias)  # type: ignore[call-arg]
    model = info["model"]

    def make(row: list[Any]) -> Any:
        made = model.from_db(alias, names, row[first:last])
        for one in joined:
            one.populate(row, made)
        return made

    return make
