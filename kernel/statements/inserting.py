"""Writing rows made just now, several in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections, models, router
from django.db.models.sql import InsertQuery

from kernel.statements.per_connection import inserted, keep, kept

TEXTS = (models.CharField, models.TextField)


@dataclass(frozen=True, slots=True)
class Column:
    """A field, its attribute, and the type whose values reach the driver as they are; asking the field takes longer."""

    field: "models.Field[Any, Any]"
    name: str
    unchanged: type | None

    def sent(self, row: models.Model, connection: Any) -> Any:
        value = getattr(row, self.name)
        if type(value) is self.unchanged:
            return value
        return self.field.get_db_prep_save(self.field.pre_save(row, add=True), connection)


def insert(rows: Sequence[models.Model]) -> None:
    """Write rows of one model that were made just now, in one statement, in their order; numbered keys are filled in.

    For models without parents and signals, which ours are: `bulk_create` without its ceremony.
    """
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    if (ready := kept(connection).get((model, len(rows)))) is None:
        ready = _insertion(model, rows, connection)
        keep(connection, (model, len(rows)), ready)
    sql, columns, returned = ready
    params = [column.sent(row, connection) for row in rows for column in columns]
    found = inserted(connection, sql, params, returns=bool(returned))
    for row, values in zip(rows, found or [()] * len(rows), strict=True):
        for field, value in zip(returned, values, strict=True):
            setattr(row, field.attname, value)
        row._state.adding, row._state.db = False, connection.alias


def insert_unless_taken(row: models.Model) -> bool:
    """Write a row made just now, unless a unique constraint stands against it; whether it was written."""
    model = type(row)
    connection = connections[router.db_for_write(model)]
    if (ready := kept(connection).get((model, insert_unless_taken))) is None:
        sql, columns, _returned = _insertion(model, [row], connection)
        key = connection.ops.quote_name(str(model._meta.pk.column))
        ready = f"{sql.partition(' RETURNING ')[0]} ON CONFLICT DO NOTHING RETURNING {key}", columns
        keep(connection, (model, insert_unless_taken), ready)
    sql, columns = ready
    is_written = bool(inserted(connection, sql, [one.sent(row, connection) for one in columns], returns=True))
    row._state.adding, row._state.db = not is_written, connection.alias
    return is_written


def _insertion(model: type[models.Model], rows: Sequence[models.Model], connection: Any) -> tuple[Any, ...]:
    returned = model._meta.db_returning_fields
    fields = [field for field in model._meta.local_concrete_fields if field not in returned]
    query: Any = InsertQuery(model)
    # One row, and its place repeated: of several, PostgreSQL's compiler makes arrays instead.
    query.insert_values(fields, list(rows[:1]))
    compiler: Any = query.get_compiler(connection=connection)
    compiler.returning_fields = returned
    [(sql, _params)] = compiler.as_sql()
    into, _values, rest = sql.partition(" VALUES ")
    place, returning, columns = rest.partition(" RETURNING ")
    statement = f"{into} VALUES {', '.join([place] * len(rows))}{returning}{columns}"
    return statement, [_column(field, connection) for field in fields], returned


def _column(field: "models.Field[Any, Any]", connection: Any) -> Column:
    is_native = isinstance(field, models.UUIDField) and connection.features.has_native_uuid_field
    unchanged = str if type(field) in TEXTS else UUID if is_native else None
    return Column(field, field.attname, unchanged)
