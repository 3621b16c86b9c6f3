"""Database triggers that let a table grow and never change: the trail, its seals and reviews, the consent ledger."""

from collections.abc import Iterable
from typing import Any

OF_THE_TRAIL = ("audit_auditevent", "audit_seal", "audit_review", "audit_canary")
GUARDED = (*OF_THE_TRAIL, "consent_ledgerentry")
"""Tables that only grow. Every migration that makes one installs its guard; tests take them off to flush."""

SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
# INSERT OR REPLACE deletes without asking the trigger for deletions.
SQLITE_REPLACE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
SQLITE_VERBS = ("update", "delete", "replace")
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{table} is append-only'; END $$
"""
POSTGRES_ROWS = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_append_only()
"""
POSTGRES_TRUNCATE = """
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()
"""


def install(connection: Any, tables: tuple[str, ...] = GUARDED) -> None:
    """Guard `tables`: triggers, and on PostgreSQL also no right to change for the role that made them."""
    for table in tables:
        for statement in _statements(connection, table):
            _run(connection, statement)


def remove(connection: Any, tables: tuple[str, ...] = GUARDED) -> None:
    """Take the guards off again: for reversing a migration and for emptying a test database."""
    for table in tables:
        if connection.vendor == "sqlite":
            for verb in SQLITE_VERBS:
                _run(connection, f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
            continue
        _run(connection, f"GRANT UPDATE, DELETE, TRUNCATE ON {table} TO CURRENT_USER")
        for name in ("change", "truncate"):
            _run(connection, f"DROP TRIGGER IF EXISTS {table}_no_{name} ON {table}")


def least_rights(role: str, tables: Iterable[str], schema: str = "public") -> list[str]:
    """What the owner of a PostgreSQL database grants to the role the application signs in with, and no more.

    That role owns nothing, so it can neither take a trigger off nor give itself a right.
    """
    changing = sorted(set(tables) - set(GUARDED))
    growing = sorted(set(tables) & set(GUARDED))
    return [
        f'GRANT USAGE ON SCHEMA {schema} TO "{role}"',
        *(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}."{table}" TO "{role}"' for table in changing),
        *(f'GRANT SELECT, INSERT ON {schema}."{table}" TO "{role}"' for table in growing),
        f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO "{role}"',
    ]


def _statements(connection: Any, table: str) -> list[str]:
    if connection.vendor == "sqlite":
        replace = SQLITE_REPLACE.format(table=table, key=_key(connection, table))
        return [
            *(SQLITE.format(table=table, verb=verb, VERB=verb.upper()) for verb in SQLITE_VERBS[:2]),
            replace,
        ]
    return [
        POSTGRES_FUNCTION.format(table=table),
        f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
        POSTGRES_ROWS.format(table=table),
        POSTGRES_TRUNCATE.format(table=table),
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM CURRENT_USER",
    ]


def _key(connection: Any, table: str) -> str:
    """The one column of a table's primary key."""
    with connection.cursor() as cursor:
        return str(connection.introspection.get_primary_key_column(cursor, table))


def _run(connection: Any, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
