"""Whether Recontact can do its work right now: one probe per thing it stands on, each with a plain sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django_q.models import Failure

from config import queues
from config.background import STALE
from config.marks import Mark, age, last_run
from config.queues import QueueAway
from followups import leaps
from kernel import clock
from kernel.errors import DomainError

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    """What one probe saw. The sentence names no host, user, path or key."""

    is_well: bool
    sentence: str


def findings(now: datetime) -> list[Finding]:
    """Every probe's finding, in the order in which things depend on each other; `now` is real time."""
    databases = [database(alias) for alias in connections]
    if not all(finding.is_well for finding in databases):
        return databases
    tables = [*(migrations(alias) for alias in connections), marks()]
    if not all(finding.is_well for finding in tables):
        return [*databases, *tables, vault_keys()]
    return [*databases, *tables, vault_keys(), change_of_keys(), *background(now)]


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


def change_of_keys() -> Finding:
    """Whether keys are changed, by whom, and whether that is behind; told and not judged, since calls go on."""
    from vault import rotating

    is_due = rotating.is_due(clock.now())
    if rotating.are_changed_by_hand():
        return Finding(
            True, f"keys: changed by hand only, with manage.py vault_rotate{'; due' if is_due else ''}"
        )
    if is_due:
        return Finding(True, "keys: due for a change; the worker makes it, or says in the trail why not")
    return Finding(True, "keys: changed as they should be")


def marks() -> Finding:
    """Whether the table is there in which the worker leaves its marks."""
    try:
        last_run(Mark.BEAT)
    except DatabaseError:
        return Finding(False, "cache: its table is missing; run manage.py createcachetable")
    return Finding(True, "cache: answers")


def background(now: datetime) -> list[Finding]:
    """Whether the worker works and the tick comes through; how much waits and failed is told, not judged."""
    return [
        seen_lately("worker", "last beat", age(Mark.BEAT, now)),
        seen_lately("tick", "last one through", age(Mark.TICK, now)),
        queue(),
        Finding(
            True, f"failures: {Failure.objects.filter(stopped__gt=now - HOUR).count()} tasks in the last hour"
        ),
        *leapt(now),
    ]


def leapt(now: datetime) -> list[Finding]:
    """That the server's clock has leapt, while it is doubted; told and not judged, since calls go on."""
    pace = leaps.kept()
    if pace is None or pace.doubted_until is None or not pace.is_doubted(now):
        return []
    until = pace.doubted_until
    return [
        Finding(
            True, f"clock: leapt forward; if it is right, windows open and close again at {until:%H:%M} UTC"
        )
    ]


def queue() -> Finding:
    try:
        found = queues.here().look()
    except QueueAway:
        return Finding(False, "queue: does not answer")
    return Finding(True, f"queue: {found.waiting + (found.taken or 0)} tasks waiting or being done")


def seen_lately(what: str, mark: str, how_long: timedelta | None) -> Finding:
    if how_long is None:
        return Finding(False, f"{what}: has not run yet")
    return Finding(how_long <= STALE, f"{what}: {mark} {int(how_long.total_seconds())} s ago")


def lines(found: list[Finding]) -> Iterator[str]:
    for finding in found:
        yield f"{'ok  ' if finding.is_well else 'FAIL'} {finding.sentence}"
