"""Database triggers that let a table grow and never change: the trail and the consent ledger."""

from typing import Any

GUARDED = ("audit_auditevent", "consent_ledgerentry")
"""Tables that only grow. Every migration that makes one installs its guard; tests take them off to flush."""

SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
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
        for statement in _statements(connection.vendor, table):
            _run(connection, statement)


def remove(connection: Any, tables: tuple[str, ...] = GUARDED) -> None:
    """Take the guards off again: for reversing a migration and for emptying a test database."""
    for table in tables:
        if connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                _run(connection, f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
            continue
        _run(connection, f"GRANT UPDATE, DELETE, TRUNCATE ON {table} TO CURRENT_USER")
        for name in ("change", "truncate"):
            _run(connection, f"DROP TRIGGER IF EXISTS {table}_no_{name} ON {table}")


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [SQLITE.format(table=table, verb=verb, VERB=verb.upper()) for verb in ("update", "delete")]
    return [
        POSTGRES_FUNCTION.format(table=table),
        f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
        POSTGRES_ROWS.format(table=table),
        POSTGRES_TRUNCATE.format(table=table),
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM CURRENT_USER",
    ]


def _run(connection: Any, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
