"""What a connection keeps of statements, and how it is written through."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction

MOST_KEPT = 1000


def kept(connection: Any) -> dict[Any, Any]:
    """What was worked out for this connection; it goes when the connection goes."""
    return vars(connection).setdefault("statements", {})  # type: ignore[no-any-return]


def keep(connection: Any, key: Any, ready: Any) -> None:
    """More shapes than a program has come from lists of all lengths: then it begins anew."""
    made = kept(connection)
    if len(made) >= MOST_KEPT:
        made.clear()
    made[key] = ready


@contextmanager
def writing(connection: Any) -> Iterator[Any]:
    """A cursor to write with: what fails through it marks the transaction as broken, as Django's own writing does."""
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        yield cursor


def inserted(connection: Any, sql: str, params: list[Any], *, returns: bool) -> list[tuple[Any, ...]]:
    """Run an INSERT; the rows it returns, if any. PostgreSQL's server keeps what came often and need not read it again.

    Django's own cursors write the values into the text, so that no statement comes twice. Values of an INSERT are of
    the types of their columns; in other statements the server would have to guess, so those go Django's way.
    """
    with transaction.mark_for_rollback_on_error(using=connection.alias):
        if connection.vendor != "postgresql" or connection.queries_logged or connection.execute_wrappers:
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                return cursor.fetchall() if returns else []
        connection.ensure_connection()
        connection.validate_no_broken_transaction()
        cursor = _servers_cursor(connection)
        with connection.wrap_database_errors:
            cursor.execute(sql, params)
            return cursor.fetchall() if returns else []


def selected(connection: Any, text: Any, values: Sequence[Any]) -> list[Any]:
    """The rows of a question; on PostgreSQL one that came often is neither read nor planned again."""
    params = text.filled(values)
    if connection.vendor != "postgresql" or connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as cursor:
            cursor.execute(text.sql, params)
            return list(cursor.fetchall())
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    cursor = _servers_cursor(connection)
    with connection.wrap_database_errors:
        cursor.execute(text.sql, params)
        return list(cursor.fetchall())


def literal_of(connection: Any) -> Callable[[Any], str]:
    """How this connection writes a value into a text."""
    from psycopg import sql

    connection.ensure_connection()
    return lambda value: sql.Literal(value).as_string(connection.connection)


def _servers_cursor(connection: Any) -> Any:
    """One for the life of a connection to the server: making it costs as much as using it."""
    cursor = kept(connection).get(_servers_cursor)
    if cursor is None or cursor.connection is not connection.connection:
        from psycopg import Cursor

        cursor = Cursor(connection.connection)
        keep(connection, _servers_cursor, cursor)
    return cursor
