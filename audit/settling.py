"""Up to which event the trail can no longer grow in between: nothing older is still on its way."""

import time
from collections.abc import Callable

from django.db import connection
from django.db.models import Max

from audit.models import AuditEvent

PATIENCE_SECONDS = 2.0
POLL_SECONDS = 0.05

# Whoever writes into a table holds this lock from before the id is drawn until the end of the transaction. Comparing
# the transaction ids of rows with `pg_snapshot_xmin` is not enough: a transaction that got its own id early and its
# row late commits a high row id under a low transaction id, while a lower row id is still open.
WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'audit_auditevent'::regclass
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND mode NOT IN ('AccessShareLock', 'RowShareLock') AND granted AND pid IS DISTINCT FROM pg_backend_pid()
"""


def settled_up_to(patience: float = PATIENCE_SECONDS) -> int | None:
    """The newest id below which everything is decided: written for good, or never to be. None while one is open.

    On PostgreSQL ids are drawn early and committed late; whoever was writing when the newest id was read is waited
    for, `patience` seconds at most. On SQLite one writes at a time, and ids come in the order of their commits.
    """
    newest = AuditEvent.objects.order_by().aggregate(Max("pk"))["pk__max"]
    if newest is None or connection.vendor != "postgresql":
        return newest  # type: ignore[no-any-return]
    writing = _writers()
    return newest if _gone(writing, until=time.monotonic() + patience) else None


def _gone(writing: set[str], until: float, pause: Callable[[float], None] = time.sleep) -> bool:
    while writing & _writers():
        if time.monotonic() >= until:
            return False
        pause(POLL_SECONDS)
    return True


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(WRITERS)
        return {virtual for (virtual,) in cursor.fetchall()}
