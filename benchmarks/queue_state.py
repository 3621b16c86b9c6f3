"""Putting the queue back as it was before a case, so that every case finds the same people at its head."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

COLUMNS = ("state", "ready_from", "ready_until", "look_at", "waiting_for", "priority", "has_begun")
KEPT = "bench_queue"


class QueueState:
    """The ready rows as they were when this was made."""

    def __init__(self) -> None:
        run(f"DROP TABLE IF EXISTS {KEPT}")
        run(
            f"CREATE TABLE {KEPT} AS SELECT id, {', '.join(COLUMNS)} FROM followups_followup WHERE state = 'ready'"
        )
        run(f"CREATE UNIQUE INDEX {KEPT}_id ON {KEPT} (id)")

    def restore(self, now: datetime) -> None:
        """No claim of this moment or later, and every row that was ready is ready again."""
        run("DELETE FROM followups_claim WHERE claimed_at >= %s AND ended_at IS NULL", [now])
        sets = ", ".join(f"{column} = kept.{column}" for column in COLUMNS)
        run(
            f"UPDATE followups_followup SET {sets} FROM {KEPT} AS kept"  # noqa: S608
            " WHERE kept.id = followups_followup.id"
            " AND (followups_followup.state <> 'ready' OR followups_followup.ready_from <> kept.ready_from)"
        )

    def drop(self) -> None:
        run(f"DROP TABLE IF EXISTS {KEPT}")


def run(statement: str, values: Sequence[object] = ()) -> int:
    """One statement by Django's connection; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [_sent(value) for value in values])
        return int(cursor.rowcount)


def _sent(value: object) -> object:
    """As Django writes it, which the driver of SQLite does not do by itself."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
