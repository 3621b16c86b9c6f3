"""Copying one database and putting a copy back: files of SQLite, dumps of PostgreSQL."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.utils.translation import gettext as _

from audit import guards
from kernel import own_files
from kernel.errors import DomainError

SYSTEM_FOLDER = Path("/usr/lib/postgresql")
Counts = dict[str, int]


def file_name(alias: str) -> str:
    return "data.dump" if is_postgres(alias) else "data.sqlite3"


def is_postgres(alias: str) -> bool:
    return connections[alias].vendor == "postgresql"


OWN_TRIGGER_FUNCTIONS = """
    SELECT proname FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND prorettype = 'trigger'::regtype
"""
"""They outlive the tables whose guards they are, and a copy brings its own."""


def copy(alias: str, target: Path) -> Counts:
    """Write a copy of one moment into a new private file; the rows of each table at that moment."""
    own_files.make(target)
    counts = _dump(alias, target) if is_postgres(alias) else _copy_file(alias, target)
    own_files.settle(target)
    return counts


def put(alias: str, source: Path) -> None:
    """Make the database what the copy is, all of it or nothing."""
    if not is_postgres(alias):
        _put_file(alias, source)
        return
    empty(alias)
    _run(
        alias,
        "pg_restore",
        "--no-owner",
        "--no-acl",
        "--single-transaction",
        "--dbname",
        _name(alias),
        str(source),
    )
    connections[alias].close()
    _guard(alias)


def empty(alias: str) -> None:
    """Take every table away."""
    connection = connections[alias]
    if not is_postgres(alias):
        with closing(sqlite3.connect(":memory:")) as nothing:
            connection.ensure_connection()
            nothing.backup(connection.connection)
        connection.close()
        return
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
        cursor.execute(OWN_TRIGGER_FUNCTIONS)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {connection.ops.quote_name(name)}() CASCADE")


def rows(alias: str) -> Counts:
    """The rows of each table now."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        return _counted(cursor, connection.introspection.table_names(cursor), connection.ops.quote_name)


def _counted(cursor: Any, tables: list[str], quote: Any) -> Counts:
    counts: Counts = {}
    for table in sorted(tables):
        # Names of tables come from the database itself.
        cursor.execute(f"SELECT COUNT(*) FROM {quote(table)}")  # noqa: S608  # nosec B608
        counts[table] = int(cursor.fetchone()[0])
    return counts


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _copy_file(alias: str, target: Path) -> Counts:
    connection = connections[alias]
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as out:
        connection.connection.backup(out)
        # One file, without a log beside it.
        out.execute("PRAGMA journal_mode = DELETE")
        return _rows_of_file(out)


def _rows_of_file(opened: sqlite3.Connection) -> Counts:
    cursor = opened.cursor()
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return _counted(cursor, [name for (name,) in cursor.fetchall()], '"{}"'.format)


def _put_file(alias: str, source: Path) -> None:
    connection = connections[alias]
    connection.ensure_connection()
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as kept:
        (verdict,) = kept.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise _failed(_("The copy is damaged inside: SQLite does not find it whole."))
        kept.backup(connection.connection)
    # What was prepared on this connection belongs to what was there before; the next one is in write-ahead mode again.
    connection.close()


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _dump(alias: str, target: Path) -> Counts:
    with _one_moment(alias) as (cursor, snapshot):
        tables = connections[alias].introspection.table_names(cursor)
        counts = _counted(cursor, tables, connections[alias].ops.quote_name)
        with target.open("wb") as out:
            _run(
                alias,
                "pg_dump",
                "--format=custom",
                "--no-owner",
                f"--snapshot={snapshot}",
                _name(alias),
                out=out,
            )
    return counts


@contextmanager
def _one_moment(alias: str) -> Iterator[tuple[Any, str]]:
    """A cursor that sees one moment, and the name under which `pg_dump` sees the same one."""
    connection = connections[alias]
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor, str(cursor.fetchone()[0])


def _name(alias: str) -> str:
    return str(connections[alias].settings_dict["NAME"])


def _guard(alias: str) -> None:
    """A dump leaves out who may do what: put back that nobody may change what only grows."""
    present = set(connections[alias].introspection.table_names())
    tables = tuple(table for table in guards.GUARDED if table in present)
    if tables:
        guards.install(connections[alias], tables)


def _run(alias: str, program: str, *arguments: str, out: Any = subprocess.DEVNULL) -> None:
    """Run one of PostgreSQL's own programs; the password goes by its environment, where no other account reads it."""
    done = subprocess.run(
        [_binary(program), *arguments],
        check=False,
        stdout=out,
        stderr=subprocess.PIPE,
        env=_environment(alias),
    )
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise _failed(_("%(program)s says: %(why)s") % {"program": program, "why": " ".join(last)})


def _environment(alias: str) -> dict[str, str]:
    one = connections[alias].settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    return {**os.environ, **{variable: str(one[key]) for variable, key in names.items() if one.get(key)}}


def _binary(program: str) -> str:
    """The program on PATH, else the newest of the system's."""
    folders = [one for one in SYSTEM_FOLDER.glob("*/bin") if one.parent.name.isdigit()]
    newest = sorted(folders, key=lambda one: int(one.parent.name), reverse=True)
    found = [str(one / program) for one in newest if (one / program).exists()]
    if on_path := shutil.which(program):
        found.append(on_path)
    if not found:
        raise DomainError(
            "no_postgres_programs",
            _("%(program)s is not on this machine, and a copy of PostgreSQL is made with it.")
            % {"program": program},
            kept=_("Nothing was written."),
            next_step=_("Install PostgreSQL’s client programs, of the server’s version or newer."),
        )
    return found[0]


def _failed(sentence: str) -> DomainError:
    return DomainError("backup_failed", sentence)
