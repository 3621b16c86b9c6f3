"""Who in the phone index has one of these numbers: every row of their buckets is opened and compared."""

import hmac
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from django.db.models import Q

from kernel import clock
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

Probe = tuple[int, int, int]
"""Index key, bits and bucket."""


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
    rows = list(PhoneBucket.objects.filter(_any_of(probe for each in probes.values() for probe in each)))
    padded = _padded(rows)
    in_bucket: dict[Probe, set[UUID]] = defaultdict(set)
    for row in rows:
        in_bucket[row.index_key_id, row.bits, row.bucket].add(row.contact_point)
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
    sizes = range(MAX_BITS + 1)
    return [(number, bits, first_bits(whole, bits)) for number, whole in wholes.items() for bits in sizes]


def _any_of(probes: Iterable[Probe]) -> Q:
    # One statement and so one view of the table: a row that moves meanwhile is seen before or after its move.
    buckets: dict[tuple[int, int], set[int]] = defaultdict(set)
    for number, bits, bucket in probes:
        buckets[number, bits].add(bucket)
    condition = Q(pk__in=[])
    for (number, bits), wanted in buckets.items():
        condition |= Q(index_key_id=number, bits=bits, bucket__in=wanted)
    return condition


def _padded(rows: list[PhoneBucket]) -> dict[UUID, bytes]:
    """The padded numbers of these rows, those that can be opened; raises KeyMissing and Locked."""
    handles = numbers.handles({row.contact_point: row.subject for row in rows})
    keys = deks.load([row.subject for row in rows])
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
