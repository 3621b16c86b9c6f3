"""Walking all seals and every event under them, to find what was changed outside Recontact."""

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Min

from audit import trail
from audit.actions import Action
from audit.anchors import Anchor
from audit.canonical import FIRST, Mac, Root, Row, Sealed, first_beyond
from audit.findings import Finding, Kind
from audit.models import AuditEvent, Seal
from audit.sealing import CHUNK, rows, sealed

TAIL_MAY_BE_OLD = timedelta(hours=1)
MOST = 20
"""Findings told: after the first few seals that are broken the rest says nothing new."""

UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError, KeyError)
"""What reading a row raises that no application wrote: a date that is none, JSON that is none."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification saw: how far it went, what waits for a seal, and what does not fit."""

    seals: int
    events: int
    tail: int
    tail_since: datetime | None
    findings: tuple[Finding, ...]

    @property
    def is_well(self) -> bool:
        """Whether everything was checked and everything fits."""
        return not self.findings

    @property
    def is_tampered(self) -> bool:
        """Whether something was changed outside Recontact, rather than left unchecked."""
        return any(one.is_alarm for one in self.findings)


def verify(*, mac: Mac | None, now: datetime, anchors: Sequence[Anchor] = (), after: int = 0) -> Report:
    """Check every seal, every event under it, the chain, the proofs and the anchors, in constant memory.

    Without `mac` the proofs are left out, and the report is not well. With `after`, a seal's number, only what follows
    that seal is checked. Writes nothing; see `told`.
    """
    newest = Seal.objects.order_by("-number").first()
    start = Seal.objects.filter(number=after).first() if after else None
    walk = _Walk(mac, anchors, start, newest)
    try:
        for seal in _seals(start, newest):
            walk.take(*sealed(seal))
    except UNREADABLE:
        walk.find(Kind.UNREADABLE, seal=walk.number, event=walk.reached + 1)
    walk.close()
    tail = AuditEvent.objects.filter(pk__gt=newest.hi if newest else 0).order_by()
    waiting = tail.aggregate(n=Count("pk"), since=Min("at"))
    if waiting["since"] and now - waiting["since"] > TAIL_MAY_BE_OLD:
        walk.find(Kind.TAIL_OLD, n=waiting["n"])
    return Report(walk.seals, walk.events, waiting["n"], waiting["since"], tuple(walk.findings))


def _seals(start: Seal | None, newest: Seal | None) -> Iterator[Seal]:
    if newest is None:
        return iter(())
    found = Seal.objects.order_by("number").filter(number__lte=newest.number)
    return (found.filter(number__gt=start.number) if start else found).iterator(chunk_size=CHUNK)


def _events(start: Seal | None, newest: Seal | None) -> Iterator[Row]:
    # From the very beginning, also before the first id a sequence gives: nothing belongs there.
    if newest is None:
        return iter(())
    return rows(pk__gt=start.hi, pk__lte=newest.hi) if start else rows(pk__lte=newest.hi)


@transaction.atomic
def told(report: Report, *, now: datetime) -> None:
    """Leave in the trail what a verification found."""
    first = report.findings[0] if report.findings else None
    trail.record(
        Action.TRAIL_ALARM if report.is_tampered else Action.TRAIL_VERIFIED,
        by=None,
        at=now,
        outcome="done" if report.is_well or report.is_tampered else "incomplete",
        detail={"seals": report.seals, "events": f"{report.events:,}"} | (first.as_detail() if first else {}),
    )


class _Walk:
    """One way along the chain: what the next seal has to begin with, and what was found so far."""

    def __init__(
        self, mac: Mac | None, anchors: Sequence[Anchor], start: Seal | None, newest: Seal | None
    ) -> None:
        self.findings: list[Finding] = []
        self.seals = self.events = self.number = self.reached = 0
        self._mac, self._anchors, self._hash = mac, list(anchors), FIRST
        if start is not None:
            said, proof = sealed(start)
            self.number, self.reached, self._hash = said.number, said.hi, said.hash(proof)
        self._events = _events(start, newest)
        self._ahead: Row | None = None
        if mac is None:
            self.find(Kind.KEY_AWAY)

    def find(self, kind: Kind, *, seal: int | None = None, event: int | None = None, n: int = 0) -> None:
        if len(self.findings) < MOST:
            self.findings.append(Finding(kind, seal, event, n))

    def take(self, said: Sealed, proof: bytes) -> None:
        """Check one seal, then go on from it whatever came of that."""
        self._check_chain(said)
        if self._mac is not None and not hmac.compare_digest(self._mac(said.body()), proof):
            self.find(Kind.SEAL_FORGED, seal=said.number)
        self._check_events(said)
        self._hash = said.hash(proof)
        self._anchors = [one for one in self._anchors if not self._is_answered(one, said.number)]
        self.seals += 1
        self.number, self.reached = said.number, said.hi

    def close(self) -> None:
        """What can only be said at the end: anchors that know of more, or of something else."""
        if not self.seals:
            self.find(Kind.NOTHING_SEALED)
        for anchor in self._anchors:
            self.find(Kind.CUT_OFF, seal=anchor.seal, n=self.number)

    def _is_answered(self, anchor: Anchor, number: int) -> bool:
        if anchor.fits(number, self._hash):
            return True
        if anchor.seal == number:
            self.find(Kind.REWRITTEN, seal=number)
            return True
        return False

    def _check_chain(self, said: Sealed) -> None:
        if said.number != self.number + 1:
            self.find(Kind.SEAL_MISSING, seal=self.number + 1)
        elif said.prev_hash != self._hash or said.lo != self.reached + 1:
            self.find(Kind.CHAIN_BROKEN, seal=said.number)

    def _check_events(self, said: Sealed) -> None:
        root = Root(said.lo)
        for row in self._up_to(said.hi):
            self.events += 1
            if row.id < said.lo:
                self.find(Kind.EVENT_LATE, seal=said.number, event=row.id)
            else:
                root.take(row)
        digest = root.close(said.hi)
        missing, late = first_beyond(root.gaps, said.gaps), first_beyond(said.gaps, root.gaps)
        if missing is not None:
            self.find(Kind.EVENT_MISSING, seal=said.number, event=missing)
        elif late is not None:
            self.find(Kind.EVENT_LATE, seal=said.number, event=late)
        elif (digest, root.n) != (said.root, said.n):
            self.find(Kind.EVENT_CHANGED, seal=said.number)

    def _up_to(self, hi: int) -> Iterator[Row]:
        """The events up to one id; the first beyond it is kept for the next seal."""
        while (row := self._ahead or next(self._events, None)) is not None:
            if row.id > hi:
                self._ahead = row
                return
            self._ahead = None
            yield row
