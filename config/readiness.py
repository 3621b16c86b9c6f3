"""Whether Recontact can do its work right now: one probe per thing it stands on, each with a plain sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from config.background import beat_age
from kernel.errors import DomainError

# The schedule beats each minute and is looked at every 30 s; two missed beats are a stall, one is not.
STALE = timedelta(seconds=180)


@dataclass(frozen=True)
class Finding:
    """What one probe saw. The sentence names no host, user, path or key."""

    is_well: bool
    sentence: str


def findings(now: datetime) -> list[Finding]:
    """Every probe's finding, in the order in which things depend on each other."""
    databases = [database(alias) for alias in connections]
    if not all(finding.is_well for finding in databases):
        return databases
    return [*databases, *(migrations(alias) for alias in connections), vault_keys(), worker(now)]


def database(alias: str) -> Finding:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Finding(False, f"database {alias}: does not answer")
    return Finding(True, f"database {alias}: answers")


def migrations(alias: str) -> Finding:
    executor = MigrationExecutor(connections[alias])
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        return Finding(
            False, f"migrations {alias}: {waiting} not applied; run manage.py migrate --database {alias}"
        )
    return Finding(True, f"migrations {alias}: applied")


def vault_keys() -> Finding:
    from vault import providers

    try:
        providers.keyring()
    except DomainError:
        return Finding(False, "vault: locked, numbers cannot be opened; stopping and withdrawing still work")
    return Finding(True, "vault: open")


def worker(now: datetime) -> Finding:
    age = beat_age(now)
    if age is None:
        return Finding(False, "worker: has not run yet")
    seconds = int(age.total_seconds())
    return Finding(age <= STALE, f"worker: last beat {seconds} s ago")


def lines(found: list[Finding]) -> Iterator[str]:
    for finding in found:
        yield f"{'ok  ' if finding.is_well else 'FAIL'} {finding.sentence}"
