"""Wrapping subjects' keys anew under the current epoch key, a page at a time in the order of their ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from vault import epochs, providers
from vault.errors import KeyMissing
from vault.keyring import Keyring
from vault.models import KekStatus, SubjectKey
from vault.primitives import Broken

VAULT = "vault"
BATCH = 1000
Place = tuple[UUID, int]
"""Subject and generation."""
Key = tuple[UUID, int, bytes, bytes]
"""Subject and generation, the epoch key, and the wrapped key."""
Renewed = tuple[UUID, int, bytes, bytes, bytes]
"""Subject and generation, the epoch key before, the one now, and the wrapped key."""
START: Place = (UUID(int=0), -1)


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """What one page gave: how many keys were looked at and wrapped anew, how many would not open, where to go on."""

    seen: int
    renewed: int
    stuck: int
    after: Place | None


def rewrap(batch: int = BATCH, *, after: Place = START) -> Rewrapped:
    """Wrap what is under a retired key among the next `batch` keys under the current one, in one transaction.

    Safe to kill and to run twice, beside people who enrol and erase. Raises Locked, and KeyMissing when the provider
    has lost a retired key, or wraps under another key than the vault's current one.
    """
    ring = providers.keyring(fresh=True)
    with transaction.atomic(using=VAULT):
        states = epochs.states()
        if states.get(ring.current) != KekStatus.CURRENT:
            raise KeyMissing
        retired = {name for name, state in states.items() if state == KekStatus.DECRYPT_ONLY}
        page = _page(after, batch)
        mine = [key for key in page if key[2] in retired]
        renewed = [found for key in mine if (found := _renewed(ring, *key))]
        _write(renewed)
    last = page[-1][:2] if len(page) == batch else None
    return Rewrapped(len(page), len(renewed), len(mine) - len(renewed), last)


def _page(after: Place, batch: int) -> list[Key]:
    """By place and not by epoch key: the way through the table is the same whatever is under which key by now."""
    keys = SubjectKey.objects.filter(pk__gt=after).order_by("pk")
    if connections[VAULT].vendor == "postgresql":
        # What somebody is deleting right now is left to them; waiting for them could end in a deadlock.
        keys = keys.select_for_update(skip_locked=True)
    rows = keys.values_list("subject", "generation", "kek_id", "wrapped")[:batch]
    return [(subject, generation, bytes(kek_id), bytes(key)) for subject, generation, kek_id, key in rows]


def _renewed(ring: Keyring, subject: UUID, generation: int, kek_id: bytes, wrapped: bytes) -> Renewed | None:
    try:
        now, anew = ring.rewrap(kek_id, wrapped, subject=subject, generation=generation)
    except Broken:
        return None
    return subject, generation, kek_id, now, anew


def _write(renewed: Sequence[Renewed]) -> None:
    if not renewed:
        return
    connection = connections[VAULT]
    table = connection.ops.quote_name(SubjectKey._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                _AT_ONCE.format(table=table), [list(column) for column in zip(*renewed, strict=True)]
            )
        else:
            cursor.executemany(_ONE_BY_ONE.format(table=table), [_sqlite_row(each) for each in renewed])


_ONE_BY_ONE = (
    "UPDATE {table} SET kek_id = %s, wrapped = %s WHERE subject = %s AND generation = %s AND kek_id = %s"
)
_AT_ONCE = (
    "UPDATE {table} AS k SET kek_id = n.kek_id, wrapped = n.wrapped "
    "FROM unnest(%s::uuid[], %s::int[], %s::bytea[], %s::bytea[], %s::bytea[]) "
    "AS n(subject, generation, before, kek_id, wrapped) "
    "WHERE k.subject = n.subject AND k.generation = n.generation AND k.kek_id = n.before"
)


def _sqlite_row(renewed: Renewed) -> tuple[Any, ...]:
    subject, generation, before, now, wrapped = renewed
    return now, wrapped, subject.hex, generation, before
