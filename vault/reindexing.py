"""Keeping the buckets of the phone index as full as they should be, a batch at a time while it is in use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from kernel.budgets import Keep
from vault import deks, index_keys, lines, matching, numbers
from vault.buckets import bits_wanted, digest, first_bits
from vault.lines import VAULT, Line
from vault.models import PhoneBucket
from vault.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What one batch did: rows moved, rows dropped because no number is behind them, rows that would not open
    and stayed, and where to go on; None when no row is left to look at."""

    moved: int
    dropped: int
    stuck: int
    after: int | None


def step(*, after: int | None = None, limit: int = 500) -> Reindexed:
    """Move the next `limit` rows that stand at another index key or bucket size than the index should have now.

    Safe to kill and to run twice; lookups find every row before and after its move. Raises Locked.
    """
    with transaction.atomic(using=VAULT):
        key = index_keys.current()
        bits = _bits_now(key)
        rows = list(_elsewhere(key, bits).filter(pk__gt=after or 0).order_by("pk")[:limit])
        handles = numbers.handles({row.contact_point: row.subject for row in rows})
        opened = dict(matching.opened(handles, deks.load([row.subject for row in rows])))
        moved = sum(
            _move(row, opened[row.contact_point], key, bits) for row in rows if row.contact_point in opened
        )
        dropped = _drop([row for row in rows if row.contact_point not in handles])
    return Reindexed(moved, dropped, len(rows) - moved - dropped, rows[-1].pk if len(rows) == limit else None)


def work_through(keep: Keep, *, limit: int = 500) -> int:
    """Move rows, page by page, until all are through or time is over; how many were moved. Raises Locked."""
    moved, after = 0, None
    while keep():
        done = step(after=after, limit=limit)
        moved, after = moved + done.moved, done.after
        if after is None:
            break
    return moved


def mend(handles: Sequence[Sealed], *, now: datetime) -> int:
    """Put those of these numbers into the index that are missing from it, and say how many.

    A vault that stopped between the commit of the main database and its own leaves such a gap.
    """
    mine = {sealed.row: sealed for sealed in handles if sealed.row and sealed.subject}
    present = PhoneBucket.objects.filter(contact_point__in=list(mine)).values_list("contact_point", flat=True)
    missing = {row: mine[row] for row in set(mine) - set(present)}
    keys = deks.load([sealed.subject for sealed in missing.values() if sealed.subject])
    found = [(row, number.decode()) for row, number in matching.opened(missing, keys)]
    lost = [Line(row, subject, number) for row, number in found if (subject := missing[row].subject)]
    with lines.locked([line.e164 for line in lost]):
        lines.add_many(lost, now=now)
    return len(lost)


def _bits_now(key: int) -> int:
    largest = (
        PhoneBucket.objects.filter(index_key_id=key).order_by("-bits").values_list("bits", flat=True).first()
    )
    return bits_wanted(PhoneBucket.objects.count(), largest or 0)


def _elsewhere(key: int, bits: int) -> QuerySet[PhoneBucket]:
    # Ranges and not a negation, so that an index in order is found so without reading it.
    other_size = Q(index_key_id=key, bits__lt=bits) | Q(index_key_id=key, bits__gt=bits)
    return PhoneBucket.objects.filter(Q(index_key_id__lt=key) | Q(index_key_id__gt=key) | other_size)


def _move(row: PhoneBucket, number: bytes, key: int, bits: int) -> int:
    bucket = first_bits(digest(index_keys.key(key), number.decode()), bits)
    same = PhoneBucket.objects.filter(pk=row.pk, index_key_id=row.index_key_id, bits=row.bits)
    return same.update(index_key_id=key, bits=bits, bucket=bucket)


def _drop(rows: list[PhoneBucket]) -> int:
    """The main database commits before the index does, so a row without a contact point has lost it."""
    return PhoneBucket.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]
