"""Writing millions of rows: how each database takes them fastest, and what it does without meanwhile.

Indexes, foreign keys and triggers of the tables that are filled are taken away and made again afterwards: to sort once
is quicker than to find a place for each row. What is seeded went through the use cases as a pattern.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections

ALIASES = ("vault", "default")

Table = tuple[str, str, tuple[str, ...]]
"""Alias, name, columns."""
IN_MEMORY = ("journal_mode = OFF", "foreign_keys = OFF", "cache_size = -1500000")
AS_BEFORE = ("journal_mode = WAL", "foreign_keys = ON", "cache_size = -2000")


class SqliteRows:
    """Rows as the driver's `executemany` takes them."""

    def cell(self, value: Any) -> Any:
        return value

    def of_bytes(self, value: bytes) -> Any:
        return value

    def line(self, cells: Sequence[Any]) -> Any:
        return cells

    def write(self, connection: Any, table: str, columns: Sequence[str], lines: list[Any]) -> None:
        places = ", ".join(["?"] * len(columns))
        connection.ensure_connection()
        connection.connection.executemany(
            f'INSERT INTO "{table}" ({_names(columns)}) VALUES ({places})', lines
        )


class PostgresRows:
    """Rows as the text that COPY takes, written here: to have the driver adapt each value takes twice as long."""

    def __init__(self) -> None:
        from psycopg.adapt import PyFormat, Transformer

        self._transformer, self._format = Transformer(), PyFormat.TEXT

    def cell(self, value: Any) -> str:
        if value is None:
            return "\\N"
        if isinstance(value, bytes):
            return self.of_bytes(value)
        text = bytes(self._transformer.get_dumper(value, self._format).dump(value)).decode()
        for sign, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
            text = text.replace(sign, written)
        return text

    def of_bytes(self, value: bytes) -> str:
        return f"\\\\x{value.hex()}"

    def line(self, cells: Sequence[str]) -> str:
        return "\t".join(cells)

    def write(self, connection: Any, table: str, columns: Sequence[str], lines: list[str]) -> None:
        with (
            connection.cursor() as cursor,
            cursor.copy(f'COPY "{table}" ({_names(columns)}) FROM STDIN') as copy,
        ):
            copy.write("\n".join(lines) + "\n")


def rows_for(alias: str) -> SqliteRows | PostgresRows:
    return SqliteRows() if connections[alias].vendor == "sqlite" else PostgresRows()


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


# --- Without what makes it slow ---------------------------------------------------------------------------------------


@contextmanager
def quickly(tables: Sequence[Table]) -> Iterator[None]:
    """Fill these tables inside, outside of any transaction; a crash inside leaves databases that are of no use."""
    again = []
    for alias in ALIASES:
        names = sorted({table for where, table, _columns in tables if where == alias})
        strip = _strip_sqlite if connections[alias].vendor == "sqlite" else _strip_postgres
        again.append((alias, strip(alias, names)))
    yield
    for alias, statements in again:
        _run(alias, statements)


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    """Without the triggers of one table of the main database: what it refuses inside, time or a fault would bring."""
    connection = connections["default"]
    if connection.vendor == "postgresql":
        off, on = ([f'ALTER TABLE "{table}" {what} TRIGGER USER'] for what in ("DISABLE", "ENABLE"))
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
            )
            found = cursor.fetchall()
        off, on = [f'DROP TRIGGER "{name}"' for name, _sql in found], [sql for _name, sql in found]
    _run("default", off)
    yield
    _run("default", on)


@contextmanager
def not_durably() -> Iterator[None]:
    """Commits inside wait for no disk: a crash inside leaves databases that are of no use."""
    is_sqlite = connections["default"].vendor == "sqlite"
    hurry, again = (
        ("PRAGMA synchronous = OFF", "PRAGMA synchronous = FULL")
        if is_sqlite
        else ("SET synchronous_commit = off", "RESET synchronous_commit")
    )
    for alias in ALIASES:
        _run(alias, [hurry])
    yield
    for alias in ALIASES:
        _run(alias, [again])


def _run(alias: str, statements: Sequence[str]) -> None:
    with connections[alias].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _strip_sqlite(alias: str, names: list[str]) -> list[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT type, name, sql FROM sqlite_master"
            " WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(%s))",
            [str(names).replace("'", '"')],
        )
        found = cursor.fetchall()
    _run(alias, [f"PRAGMA {one}" for one in IN_MEMORY])
    _run(alias, [f'DROP {kind} "{name}"' for kind, name, _sql in found])
    made = [sql for _kind, _name, sql in found]
    return [*made, *(f"PRAGMA {one}" for one in AS_BEFORE)]


CONSTRAINTS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid), contype::text FROM pg_constraint
WHERE contype IN ('f', 'p', 'u') AND (conrelid::regclass::text = ANY(%s) OR confrelid::regclass::text = ANY(%s))
ORDER BY contype = 'f' DESC
"""
INDEXES = """
SELECT quote_ident(indexname), indexdef FROM pg_indexes
WHERE tablename = ANY(%s) AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def _strip_postgres(alias: str, names: list[str]) -> list[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute(CONSTRAINTS, [names, names])
        constraints = cursor.fetchall()
        cursor.execute(INDEXES, [names])
        indexes = cursor.fetchall()
    drops = [
        f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE" for table, name, _def, _kind in constraints
    ]
    drops += [f"DROP INDEX {name}" for name, _def in indexes]
    _run(alias, [*drops, *(f'ALTER TABLE "{one}" DISABLE TRIGGER USER' for one in names)])
    # Keys first: foreign keys stand on them. Those are not asked about rows that are there, only about rows to come.
    add = "ALTER TABLE {} ADD CONSTRAINT {} {}"
    keys = [add.format(*what) for *what, kind in constraints if kind != "f"]
    foreign = [f"{add.format(*what)} NOT VALID" for *what, kind in constraints if kind == "f"]
    triggers = [f'ALTER TABLE "{one}" ENABLE TRIGGER USER' for one in names]
    defs = [one for _name, one in indexes]
    return ["SET maintenance_work_mem = '512MB'", *keys, *defs, *foreign, *triggers]


def settle() -> None:
    """The statistics and the visibility map that a panel has which grew over years; outside of transactions."""
    for alias in ALIASES:
        _run(alias, ["ANALYZE" if connections[alias].vendor == "sqlite" else "VACUUM ANALYZE"])
