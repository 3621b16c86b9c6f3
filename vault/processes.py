"""Which running processes have loaded which keys: each tells it now and then, and a change of keys waits for all.

Every process that uses keys has one thread that looks at the provider every few seconds and writes a line into the
vault when the keys have changed, and every 20 seconds anyway. A thread and not the requests: a request that only reads
must not wait for SQLite's one writer, and an idle process has to read new keys too.

Nobody's safety hangs on it. A process that was frozen past `LIVE_SECONDS` and wakes with old keys reads the provider
and the row anew before it says that a key is missing (`vault.deks`), and asks the database which key wraps
(`vault.epochs`). Waiting saves the others that second look, and a provider that cannot be read anew for it.
"""

import atexit
import contextlib
import logging
import os
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, connections

from kernel import clock
from kernel.errors import DomainError
from vault.keyring import Keyring
from vault.models import ProcessKeys

VAULT = "vault"
LOOK_SECONDS = 5
BEAT_SECONDS = 20
LIVE_SECONDS = 120
FORGET_SECONDS = 3600

logger = logging.getLogger("recontact.vault")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a process told of its keys. Names only."""

    kek_ids: frozenset[bytes]
    index_key_ids: frozenset[int]


NOTHING = Loaded(frozenset(), frozenset())
_attending: dict[int, UUID] = {}
"""The id of this process, by its number: what a forked child has of its parent is not its own."""


def attend() -> None:
    """Have this process tell of its keys from now on; cheap, and called at each use of a key."""
    if os.getpid() in _attending or not settings.VAULT_HEARTBEAT:
        return
    _attending.clear()
    me = _attending[os.getpid()] = uuid4()
    threading.Thread(target=_keep_telling, args=(me,), name="vault-keys", daemon=True).start()
    atexit.register(_leave, os.getpid(), me)


def tell(process: UUID, loaded: Loaded, *, now: datetime) -> None:
    """Write down what a process has loaded; `now` is real time, since a demo's clock may run faster."""
    ProcessKeys.objects.update_or_create(
        process=process,
        defaults={
            "kek_ids": sorted(kek_id.hex() for kek_id in loaded.kek_ids),
            "index_key_ids": sorted(loaded.index_key_ids),
            "heartbeat": now,
        },
    )


def without_kek(kek_id: bytes, *, now: datetime) -> int:
    """How many live processes have not loaded this epoch key yet; `now` is real time."""
    return sum(kek_id.hex() not in process.kek_ids for process in _live(now))


def without_index_key(index_key_id: int, *, now: datetime) -> int:
    """How many live processes have not loaded this index key yet; `now` is real time."""
    return sum(index_key_id not in process.index_key_ids for process in _live(now))


def forget_the_dead(*, now: datetime) -> None:
    """Take away what processes told that have ended long ago."""
    ProcessKeys.objects.filter(heartbeat__lt=now - timedelta(seconds=FORGET_SECONDS)).delete()


def loaded_by(ring: Keyring) -> Loaded:
    return Loaded(ring.kek_ids, frozenset(ring.index))


def _live(now: datetime) -> list[ProcessKeys]:
    return list(ProcessKeys.objects.filter(heartbeat__gt=now - timedelta(seconds=LIVE_SECONDS)))


def _keep_telling(me: UUID) -> None:
    told, told_at = NOTHING, -float(BEAT_SECONDS)
    while True:
        loaded = _what_is_loaded()
        if loaded != told or time.monotonic() - told_at >= BEAT_SECONDS:
            told, told_at = (loaded if _tell(me, loaded) else told), time.monotonic()
        time.sleep(LOOK_SECONDS)


def _what_is_loaded() -> Loaded:
    from vault import providers

    try:
        return loaded_by(providers.keyring(fresh=True))
    except (DomainError, OSError):
        # A locked vault hands out nothing, so there is nothing that this process could use.
        return NOTHING


def _tell(me: UUID, loaded: Loaded) -> bool:
    """Whether it could be written. Whatever is wrong with the database is said where it is used."""
    try:
        tell(me, loaded, now=clock.wall())
    except DatabaseError:
        logger.debug("This process could not tell which keys it has")
        return False
    finally:
        # Every time: an idle process shall not hold a connection, and a new one finds a database that was restarted.
        connections[VAULT].close()
    return True


def _leave(process_number: int, me: UUID) -> None:
    """At the end of a process, so that nobody waits for it."""
    if process_number != os.getpid():
        return
    with contextlib.suppress(DatabaseError):
        _wait_for_nobody()
        ProcessKeys.objects.filter(process=me).delete()
        connections[VAULT].close()


def _wait_for_nobody() -> None:
    """Ending must not take the 20 seconds for which SQLite waits for a writer."""
    if connections[VAULT].vendor == "sqlite":
        with connections[VAULT].cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 200")
