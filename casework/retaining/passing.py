"""What is transient: sessions that ended, tries to sign in, results of background work, old signs of life."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django_q.models import Task

from accounts.models.sessions import StaffSession
from casework.retaining.slices import Worked, delete_in_slices
from casework.retaining.terms import PROCESS_HOURS, RESULT_DAYS, SESSION_DAYS, TRIES_DAYS
from kernel.budgets import Keep
from vault.models import ProcessKeys

TRIES = ("AccessAttempt", "AccessFailureLog", "AccessLog")


def rows_due(wall: datetime) -> list[Any]:
    """Every row that is over, table by table; `wall` is real time, as these rows tell it."""
    return [
        Session.objects.filter(expire_date__lt=wall),
        Task.objects.filter(stopped__lt=wall - timedelta(days=RESULT_DAYS)),
        ProcessKeys.objects.filter(heartbeat__lt=wall - timedelta(hours=PROCESS_HOURS)),
        StaffSession.objects.filter(seen_at__lt=wall - timedelta(days=SESSION_DAYS)),
        *_tries(wall - timedelta(days=TRIES_DAYS)),
    ]


def sweep(wall: datetime, keep: Keep) -> Worked:
    total = Worked()
    for rows in rows_due(wall):
        total += delete_in_slices(rows, keep)
    return total + Worked(_empty_cache(wall))


def count(wall: datetime) -> int:
    return sum(int(rows.count()) for rows in rows_due(wall)) + _cached(wall, "SELECT COUNT(*) FROM")


def _tries(since: datetime) -> list[Any]:
    if not apps.is_installed("axes"):
        return []
    return [apps.get_model("axes", name).objects.filter(attempt_time__lt=since) for name in TRIES]


def _cache_table() -> str | None:
    location = str(settings.CACHES["marks"].get("LOCATION", ""))
    return location if location in connection.introspection.table_names() else None


def _empty_cache(wall: datetime) -> int:
    """Delete entries that are over; the cache itself does so only when it is full."""
    found = _cached(wall, "SELECT COUNT(*) FROM")
    if found:
        _cached(wall, "DELETE FROM")
    return found


def _cached(wall: datetime, verb: str) -> int:
    table = _cache_table()
    if table is None:
        return 0
    quoted = connection.ops.quote_name(table)
    # As the cache writes it: whole seconds of UTC.
    moment = connection.ops.adapt_datetimefield_value(wall.replace(microsecond=0))
    with connection.cursor() as cursor:
        # The name of the table comes from the settings, not from anybody's input.
        statement = f"{verb} {quoted} WHERE expires < %s"
        cursor.execute(statement, [moment])  # nosemgrep: house-sql-built-from-text
        row = cursor.fetchone() if verb.startswith("SELECT") else None
    return int(row[0]) if row else 0
