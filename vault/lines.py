"""The phone index: who shares a line with whom, without anyone learning the number."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connections, transaction

from vault import deks, index_keys, matching, providers
from vault.buckets import PHONE, bits_for, digest, first_bits, lock_number, refusal_code
from vault.models import PhoneBucket, RefusedNumber
from vault.sealed import Sealed

VAULT = "vault"
COUNTED_BITS = 10
"""An index larger than this many bits is counted by the re-index and not at every single number."""

_held: ContextVar[frozenset[int] | None] = ContextVar("held_line_locks", default=None)


class Line(NamedTuple):
    """A number and the contact point that holds it."""

    contact_point: UUID
    subject: UUID
    e164: str


@contextmanager
def locked(e164s: Iterable[str]) -> Iterator[None]:
    """Keep these numbers from being added or looked up for adding by anyone else until the block ends.

    A vault transaction: run the main transaction inside, so that it commits first, and have the keys of
    the subjects made before. Raises Locked.
    """
    if _held.get() is not None:
        raise RuntimeError("Numbers are locked all at once: a second lock inside could wait for itself.")
    wanted = _locks(e164s)
    with transaction.atomic(using=VAULT, durable=True):
        _take(wanted)
        before = _held.set(wanted)
        try:
            yield
        finally:
            _held.reset(before)


def add(*, contact_point: UUID, subject: UUID, e164: str, now: datetime) -> None:
    """Put one contact point into the index; see `add_many`."""
    add_many([Line(contact_point, subject, e164)], now=now)


def add_many(lines: Sequence[Line], *, now: datetime) -> None:
    """Put contact points into the index, in place of what stood there for them.

    Only inside `locked` for these numbers, and in one piece for an import: each call may count the index.
    `now` is not kept: it would tell bucket-mates apart.
    """
    if not _locks(line.e164 for line in lines) <= (_held.get() or frozenset()):
        raise RuntimeError("A number is added to the phone index while it is locked.")
    key = index_keys.current()
    bits = _bits_to_write(key, len(lines))
    remove_many([line.contact_point for line in lines])
    PhoneBucket.objects.bulk_create([_row(line, key, bits) for line in lines], batch_size=deks.BATCH)


def remove(contact_point: UUID) -> None:
    """Take a contact point out of the index; one that is not there is no error. Works with the vault locked."""
    remove_many([contact_point])


def remove_many(contact_points: Sequence[UUID]) -> None:
    """Take contact points out of the index. Works with the vault locked."""
    for some in deks.batches(list(contact_points)):
        PhoneBucket.objects.filter(contact_point__in=some).delete()


def sharing(sealed: Sealed) -> frozenset[UUID]:
    """The ids of the contact points that hold the same number as this one, itself included.

    Raises Locked, Shredded, KeyMissing or Tampered when the handle itself cannot be opened.
    """
    number = matching.number_of(_a_number(sealed))
    return matching.matches([number])[number] | _rows([sealed])


def sharing_many(handles: Sequence[Sealed]) -> dict[UUID, frozenset[UUID]]:
    """`sharing` for many, by contact point id, in a few queries; one erased or tampered with is left out.

    Raises Locked and KeyMissing.
    """
    keys = deks.load(_subjects(handles))
    by_row = {row: _a_number(sealed) for sealed in handles for row in _rows([sealed])}
    numbers = {row: number.decode() for row, number in matching.opened(by_row, keys)}
    found = matching.matches(numbers.values())
    return {row: found[number] | {row} for row, number in numbers.items()}


def holding(e164: str) -> frozenset[UUID]:
    """The ids of the contact points that hold this number. Raises Locked."""
    return matching.matches([e164])[e164]


def holding_many(e164s: Iterable[str]) -> dict[str, frozenset[UUID]]:
    """`holding` for many, by number. Raises Locked."""
    return matching.matches(e164s)


def keep_refusal(e164: str) -> None:
    """Remember, at the holder's wish, that this number is refused from now on. Raises Locked."""
    with transaction.atomic(using=VAULT):
        key = index_keys.current()
        code = refusal_code(index_keys.key(key), e164)
        RefusedNumber.objects.bulk_create([RefusedNumber(index_key_id=key, code=code)], ignore_conflicts=True)


def is_refused(e164: str) -> bool:
    """True for a number whose holder asked that it be refused. Raises Locked."""
    return bool(refused_among([e164]))


def refused_among(e164s: Iterable[str]) -> frozenset[str]:
    """Those of these numbers whose holder asked that they be refused. Raises Locked."""
    index = providers.keyring().index
    codes = {(number, refusal_code(key, e164)): e164 for e164 in e164s for number, key in index.items()}
    kept = RefusedNumber.objects.filter(index_key_id__in=list(index)).values_list("index_key_id", "code")
    found = (kept.filter(code__in=[code for _, code in some]) for some in deks.batches(list(codes)))
    return frozenset(codes[number, bytes(code)] for rows in found for number, code in rows)


def _locks(e164s: Iterable[str]) -> frozenset[int]:
    index = providers.keyring().index
    return frozenset(
        lock_number(number, digest(key, e164)) for e164 in e164s for number, key in index.items()
    )


def _take(locks: frozenset[int]) -> None:
    """SQLite's BEGIN IMMEDIATE has locked all there is; PostgreSQL locks each, in one order for everybody."""
    connection = connections[VAULT]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for number in sorted(locks):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _row(line: Line, key: int, bits: int) -> PhoneBucket:
    bucket = first_bits(digest(index_keys.key(key), line.e164), bits)
    return PhoneBucket(
        index_key_id=key, bits=bits, bucket=bucket, subject=line.subject, contact_point=line.contact_point
    )


def _bits_to_write(key: int, coming: int) -> int:
    """The size of bucket for new rows; never below what is in use, since only the re-index makes it smaller."""
    largest = (
        PhoneBucket.objects.filter(index_key_id=key).order_by("-bits").values_list("bits", flat=True).first()
    )
    bits = largest or 0
    if bits > COUNTED_BITS and coming == 1:
        return bits
    return max(bits, bits_for(PhoneBucket.objects.count() + coming))


def _a_number(sealed: Sealed) -> Sealed:
    if sealed.label != PHONE:
        raise TypeError(f"{sealed!r} is not a number.")
    return sealed


def _subjects(handles: Iterable[Sealed]) -> list[UUID]:
    return [sealed.subject for sealed in handles if sealed.subject is not None]


def _rows(handles: Iterable[Sealed]) -> frozenset[UUID]:
    return frozenset(sealed.row for sealed in handles if sealed.row is not None)
