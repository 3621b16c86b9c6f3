"""Writing outlooks by the ten thousand: past the models, in the databases' own bulk ways, in short transactions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

AT_ONCE = 2_000
"""Rows a transaction on SQLite, where a claim waits meanwhile: some hundredths of a second."""
INSERT = """
    INSERT INTO followups_outlook (follow_up_id, chances, alive, model_id, made_at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (follow_up_id) DO UPDATE SET
        chances = EXCLUDED.chances, alive = EXCLUDED.alive, model_id = EXCLUDED.model_id, made_at = EXCLUDED.made_at
"""
NEWER = "CREATE TEMPORARY TABLE newer (LIKE followups_outlook) ON COMMIT DROP"
COPY = "COPY newer (follow_up_id, chances, alive, model_id, made_at) FROM STDIN"
FROM_NEWER = """
    INSERT INTO followups_outlook (follow_up_id, chances, alive, model_id, made_at)
    SELECT follow_up_id, chances, alive, model_id, made_at FROM newer ORDER BY follow_up_id
    ON CONFLICT (follow_up_id) DO UPDATE SET
        chances = EXCLUDED.chances, alive = EXCLUDED.alive, model_id = EXCLUDED.model_id, made_at = EXCLUDED.made_at
"""

Row = tuple[Any, bytes, int]
"""A follow-up's id as the driver gave it, its chances in bytes, and how likely its number is alive in 255ths."""


def write(rows: Sequence[Row], *, model: int, at: datetime) -> None:
    """Put these outlooks in the place of those there were; in transactions of its own, unless there is one."""
    by_copying = connection.vendor == "postgresql"
    at_once = 10 * AT_ONCE if by_copying else AT_ONCE
    made_at = connection.ops.adapt_datetimefield_value(at)
    for start in range(0, len(rows), at_once):
        some = [(*row, model, made_at) for row in rows[start : start + at_once]]
        with transaction.atomic():
            (_copy if by_copying else _insert)(some)


def _insert(rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, rows)


def _copy(rows: list[tuple[Any, ...]]) -> None:
    """Into a table of the session, and from there in one statement, in the order of ids: two writers never cross."""
    with connection.cursor() as cursor:
        cursor.execute(NEWER)
        with cursor.copy(COPY) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(FROM_NEWER)
        cursor.execute("DROP TABLE newer")
