"""Writing rows made just now, several in one statement."""

from collections.abc import Sequence
from typing import Any

from django.db import connections, models, router
from django.db.models.sql import InsertQuery

from kernel.statements.per_connection import keep, kept, writing


def insert(rows: Sequence[models.Model]) -> None:
    """Write rows of one model that were made just now, in one statement, in their order; numbered keys are filled in.

    For models without parents and signals, which ours are: `bulk_create` without its ceremony.
    """
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    if (ready := kept(connection).get((model, len(rows)))) is None:
        ready = _insertion(model, rows, connection)
        keep(connection, (model, len(rows)), ready)
    sql, fields, returned = ready
    params = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in fields
    ]
    with writing(connection) as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall() if returned else [()] * len(rows)
    for row, values in zip(rows, found, strict=True):
        for field, value in zip(returned, values, strict=True):
            setattr(row, field.attname, value)
        row._state.adding, row._state.db = False, connection.alias


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
    return f"{into} VALUES {', '.join([place] * len(rows))}{returning}{columns}", fields, returned
