"""Sealing the trail: stretch after stretch of settled events, each seal chained to the one before and keyed."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import connection, transaction

from audit.canonical import FIRST, Mac, Root, Row, Sealed
from audit.models import AuditEvent, Seal
from audit.settling import settled_up_to
from kernel.budgets import Keep

MOST = 1000
"""Events under one seal."""
REST = timedelta(seconds=30)
"""How long an event rests before it is sealed."""
CHUNK = 2000
LOCK = 0x5EA1
"""The advisory lock of PostgreSQL under which one sealer works."""


def seal(*, mac: Mac, now: datetime, keep: Keep = lambda: True) -> int:
    """Seal all that is settled, as long as `keep` says so; how many events were sealed. Safe to repeat, and at once.

    `mac` is keyed by the caller. Leaves no event: a seal is its own trace, and an event of it would want a seal.
    """
    settled = settled_up_to()
    sealed = 0
    while settled is not None and keep():
        made = _next_seal(mac, now, settled)
        if made is None:
            break
        sealed += made.n
    return sealed


def rows(**within: int) -> Iterator[Row]:
    """Events oldest first, read in pieces, so that a long trail takes no more memory than a short one."""
    found = AuditEvent.objects.filter(**within).order_by("pk").values_list(*Row._fields)
    return map(Row._make, found.iterator(chunk_size=CHUNK))


def sealed(of: Seal) -> tuple[Sealed, bytes]:
    """What a stored seal says, and its proof."""
    said = Sealed(of.number, of.lo, of.hi, of.n, of.gaps, bytes(of.root), bytes(of.prev_hash), of.at)
    return said, bytes(of.mac)


@transaction.atomic
def _next_seal(mac: Mac, now: datetime, settled: int) -> Seal | None:
    """One seal more; None when nothing is left, or somebody else is at it."""
    if not _alone():
        return None
    before = Seal.objects.order_by("-number").first()
    last, hashed = (before.hi, _hash_of(before)) if before else (0, FIRST)
    ready = _rested(last, settled, now)
    if not ready:
        return None
    said = _of(ready, number=before.number + 1 if before else 1, lo=last + 1, prev_hash=hashed, at=now)
    return Seal.objects.create(**asdict(said), mac=mac(said.body()))


def _rested(after: int, settled: int, now: datetime) -> list[Row]:
    """The next events up to the first that is still fresh."""
    found = AuditEvent.objects.filter(pk__gt=after, pk__lte=settled).order_by("pk")
    ready: list[Row] = []
    for row in map(Row._make, found.values_list(*Row._fields)[:MOST]):
        # Dated far ahead by a clock that was wrong: waiting for that day would leave the trail unsealed until then.
        if abs(now - row.at) < REST:
            break
        ready.append(row)
    return ready


def _of(ready: list[Row], *, number: int, lo: int, prev_hash: bytes, at: datetime) -> Sealed:
    root = Root(lo)
    for row in ready:
        root.take(row)
    hi = ready[-1].id
    return Sealed(number, lo, hi, root.n, gaps=root.gaps, root=root.close(hi), prev_hash=prev_hash, at=at)


def _hash_of(before: Seal) -> bytes:
    said, proof = sealed(before)
    return said.hash(proof)


def _alone() -> bool:
    """Whether this transaction is the only one that seals: SQLite lets one write at a time anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
