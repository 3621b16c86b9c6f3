"""One change of keys at a time; a lock that the death of its holder gives back."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections
from django.utils.translation import gettext_lazy as _

from kernel.errors import Conflict

VAULT = "vault"
LOCK_NUMBER = 7_310_592_144_021_775_301
"""Any number, for PostgreSQL; the locks of the phone index are hashes and meet it once in 10^19."""


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else changes keys until the block ends. Raises Conflict at once when somebody does."""
    with _on_postgres() if connections[VAULT].vendor == "postgresql" else _on_this_machine():
        yield


@contextmanager
def _on_postgres() -> Iterator[None]:
    # Held by the connection, so that the server gives it back when the process is gone.
    with connections[VAULT].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_NUMBER])
        if not cursor.fetchone()[0]:
            raise _taken()
    try:
        yield
    finally:
        with connections[VAULT].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_NUMBER])


@contextmanager
def _on_this_machine() -> Iterator[None]:
    # A SQLite file has all its processes on one machine, whose kernel gives the lock back.
    database = Path(connections[VAULT].settings_dict["NAME"])
    descriptor = os.open(
        database.with_name(f"{database.name}.rotating"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
    )
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _taken() from None
        yield
    finally:
        os.close(descriptor)


def _taken() -> Conflict:
    return Conflict(
        "rotation_running",
        _("The keys are being changed by somebody else right now."),
        next_step=_("Wait until that is done; nothing has to be repeated."),
    )
