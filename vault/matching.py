"""Who in the phone index has one of these numbers: every row of their buckets is opened and compared."""

import hmac
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from kernel import clock
from kernel.statements import statement
from vault import deks, numbers, providers
from vault.alerts import raise_alert
from vault.buckets import MAX_BITS, digest, e164_bytes, first_bits
from vault.deks import Deks, batches
from vault.errors import Shredded, Tampered
from vault.models import PhoneBucket
from vault.padding import pad
from vault.sealed import Sealed
from vault.unsealing import plaintext_of

NUMBERS_AT_ONCE = 100

SIZES = range(MAX_BITS + 1)
"""The bits a bucket may have."""

Probe = tuple[int, int, int]
"""Index key, bits and bucket."""
Row = tuple[int, int, int, UUID, UUID]
"""Index key, bits and bucket, then contact point and subject."""


def matches(e164s: Iterable[str]) -> dict[str, frozenset[UUID]]:
    """The contact points that hold each number; the same work for a number that is held and one that is not.

    A row that was tampered with raises an alert and matches nothing: it cannot be dialled either.
    """
    found: dict[str, frozenset[UUID]] = {}
    for some in batches(sorted(set(e164s)), NUMBERS_AT_ONCE):
        found |= _matches(some)
    return found


def number_of(sealed: Sealed) -> str:
    """The number behind a handle, for the vault's own use; raises as `plaintext_of`, after an alert if need be."""
    try:
        return plaintext_of(sealed, deks.load([sealed.subject] if sealed.subject else [])).decode()
    except Tampered as error:
        raise_alert(sealed, error, by=None, now=clock.now())
        raise


def _matches(e164s: list[str]) -> dict[str, frozenset[UUID]]:
    probes = {e164: _probes(e164) for e164 in e164s}
    rows = _rows_in(probe for each in probes.values() for probe in each)
    padded = _padded({held: subject for *_probe, held, subject in rows})
    in_bucket: dict[Probe, set[UUID]] = defaultdict(set)
    for index_key, bits, bucket, held, _subject in rows:
        in_bucket[index_key, bits, bucket].add(held)
    return {
        e164: _equal(e164, (held for probe in probes[e164] for held in in_bucket[probe]), padded)
        for e164 in e164s
    }


def _equal(e164: str, contact_points: Iterable[UUID], padded: Mapping[UUID, bytes]) -> frozenset[UUID]:
    wanted = pad(e164_bytes(e164))
    equal = [(held, hmac.compare_digest(padded.get(held, b""), wanted)) for held in contact_points]
    return frozenset(held for held, is_equal in equal if is_equal)


def _probes(e164: str) -> list[Probe]:
    """Where a row with this number stands at any size the index may have, whatever a re-index has reached."""
    wholes = {number: digest(key, e164) for number, key in providers.keyring().index.items()}
    return [(number, bits, first_bits(whole, bits)) for number, whole in wholes.items() for bits in SIZES]


def _rows_in(probes: Iterable[Probe]) -> list[Row]:
    wanted: dict[int, list[list[int]]] = defaultdict(lambda: [[] for _size in SIZES])
    for index_key, bits, bucket in probes:
        wanted[index_key][bits].append(bucket)
    return _in_buckets(*wanted, *(buckets for each in wanted.values() for buckets in each))


@statement
def _in_buckets(*asked: Any) -> QuerySet[PhoneBucket, Row]:
    """Given the index keys, and then for each of them the buckets wanted at every size."""
    # One statement and so one view of the table: a row that moves meanwhile is seen before or after its move.
    keys, buckets = asked[: len(asked) // (len(SIZES) + 1)], iter(asked[len(asked) // (len(SIZES) + 1) :])
    each = [Q(index_key_id=key, bits=bits, bucket__in=next(buckets)) for key in keys for bits in SIZES]
    rows = PhoneBucket.objects.filter(reduce(or_, each))
    return rows.values_list("index_key_id", "bits", "bucket", "contact_point", "subject")


def _padded(subjects: Mapping[UUID, UUID]) -> dict[UUID, bytes]:
    """The padded numbers of these contact points, those that can be opened; raises KeyMissing and Locked."""
    handles = numbers.handles(subjects)
    keys = deks.load(subjects.values())
    return {held: pad(number) for held, number in opened(handles, keys)}


def opened(handles: Mapping[UUID, Sealed], keys: Deks) -> Iterator[tuple[UUID, bytes]]:
    """The plaintext of each handle that opens; an alert for each that was tampered with."""
    for held, sealed in handles.items():
        try:
            yield held, plaintext_of(sealed, keys)
        except Tampered as error:
            raise_alert(sealed, error, by=None, now=clock.now())
        except Shredded:
            continue
