"""Making and destroying the keys of subjects: keys first in, keys first out."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections, transaction

from vault import epochs, providers
from vault.deks import batches
from vault.errors import KeyMissing
from vault.keyring import Keyring
from vault.models import PhoneBucket, SubjectKey
from vault.primitives import fresh_key

VAULT = "vault"
ORPHAN_HOURS = 24
MANY_ORPHANS_DAYS = 30
FEW, SHARE = 20, 0.2
"""More than a few, and more than one in five: then the main database is not the one that these keys belong to."""
FIRST_GENERATION = 1

Known = Callable[[Collection[UUID]], Collection[UUID]]
"""Says which of these subjects exist in the main database (respondents, staff and the reserved zero)."""

logger = logging.getLogger("recontact.vault")


@dataclass(frozen=True, slots=True)
class ShredCounts:
    """What was destroyed; `kek_ids` are the epoch keys whose own destruction makes it final."""

    keys: int
    buckets: int
    kek_ids: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Swept:
    """How many subjects without a row were shredded, and where to go on; None when all were looked at."""

    removed: int
    after: UUID | None


def create(subjects: Iterable[UUID], *, now: datetime) -> list[UUID]:
    """Give each subject a key, committed before this returns; a subject that has one keeps it. Raises Locked.

    Gives those that had none.

    Comes before the main transaction and outside any vault transaction: a row whose key got lost
    could never be opened, while a key without a row does no harm and is swept.
    """
    wanted = sorted(set(subjects))
    try:
        return _create(wanted, providers.keyring(), now)
    except KeyMissing:
        # This process has not read the keys since they were changed.
        return _create(wanted, providers.keyring(fresh=True), now)


def _create(subjects: list[UUID], ring: Keyring, now: datetime) -> list[UUID]:
    made: list[UUID] = []
    with transaction.atomic(using=VAULT, durable=True):
        if not epochs.may_wrap(ring.current, now=now):
            raise KeyMissing
        for some in batches(subjects):
            keyed = set(SubjectKey.objects.filter(subject__in=some).values_list("subject", flat=True))
            fresh_ones = [subject for subject in some if subject not in keyed]
            SubjectKey.objects.bulk_create(
                [_key(subject, ring, now) for subject in fresh_ones], ignore_conflicts=True
            )
            made += fresh_ones
    return made


@contextmanager
def fresh(subjects: Collection[UUID], *, known: Known, now: datetime) -> Iterator[None]:
    """Keys for the main transaction inside; when that fails, they go again, unless it had committed after all.

    Only those made here: the same form may have come twice at once, and the other one needs the key it found.
    """
    made = create(subjects, now=now)
    try:
        yield
    except BaseException:
        _destroy(made, but_for=known)
        raise


def shred(subject: UUID, *, now: datetime) -> ShredCounts:
    """Destroy every key and index row of a subject; works with the vault locked, and twice is no error.

    Comes before the main transaction that empties the sealed columns. Final once the epoch keys are destroyed.
    """
    return _destroy([subject])


def sweep_orphans(known: Known, *, now: datetime, after: UUID | None = None, limit: int = 1000) -> Swept:
    """Shred keys older than a day whose subject does not exist, among the next `limit` keys in order of subject.

    Where nobody is known, or many are not, they wait for a month: an empty or an older main database in the place of
    the right one would otherwise take every key with it, and a key without a row does no harm meanwhile.
    """
    keys = SubjectKey.objects.order_by("subject", "generation")
    page = list((keys.filter(subject__gt=after) if after else keys).values_list("subject", "created")[:limit])
    unknown = {subject for subject, _created in page} - set(known({subject for subject, _created in page}))
    wait = timedelta(hours=ORPHAN_HOURS)
    if _is_doubtful(len(unknown), len(page)):
        logger.critical(
            "%d of %d keys have no row in the main database. Is it the right one?", len(unknown), len(page)
        )
        wait = timedelta(days=MANY_ORPHANS_DAYS)
    orphans = sorted({subject for subject, created in page if subject in unknown and created < now - wait})
    if orphans:
        _destroy(orphans)
    return Swept(len(orphans), page[-1][0] if len(page) == limit else None)


def _is_doubtful(unknown: int, looked_at: int) -> bool:
    return unknown > 0 and (unknown == looked_at or unknown > max(FEW, looked_at * SHARE))


def _key(subject: UUID, ring: Keyring, now: datetime) -> SubjectKey:
    kek_id, wrapped = ring.wrap(fresh_key(), subject=subject, generation=FIRST_GENERATION)
    return SubjectKey(
        subject=subject, generation=FIRST_GENERATION, kek_id=kek_id, wrapped=wrapped, created=now
    )


def _destroy(subjects: list[UUID], *, but_for: Known | None = None) -> ShredCounts:
    keys = buckets = 0
    kek_ids: set[bytes] = set()
    with transaction.atomic(using=VAULT, durable=True):
        _overwrite_what_is_deleted()
        # Asked in here: on SQLite whoever writes numbers has by now committed, or will find no key and begin anew.
        spared = set(but_for(subjects)) if but_for else set()
        for some in batches([subject for subject in subjects if subject not in spared]):
            mine = SubjectKey.objects.filter(subject__in=some)
            kek_ids |= {bytes(kek_id) for kek_id in mine.values_list("kek_id", flat=True)}
            keys += mine.delete()[0]
            buckets += PhoneBucket.objects.filter(subject__in=some).delete()[0]
        transaction.on_commit(_empty_the_log, using=VAULT)
    return ShredCounts(keys, buckets, frozenset(kek_ids))


def _overwrite_what_is_deleted() -> None:
    """SQLite leaves deleted bytes in its pages otherwise; PostgreSQL leaves them until the epoch key goes."""
    connection = connections[VAULT]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _empty_the_log() -> None:
    """Take the deleted bytes out of SQLite's write-ahead log as well."""
    connection = connections[VAULT]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        logger.warning("The write-ahead log of the vault could not be emptied: a reader was in the way.")
