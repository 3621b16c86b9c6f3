"""The exact bytes that a seal stands for: an event, its leaf, the root over many, and the seal itself.

Nothing of this may ever change: every seal made before would no longer fit. Known answers hold it.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, Self
from uuid import UUID

EVENT, SEAL = b"recontact/event/v1", b"recontact/seal/v1"
LEAF, ROOT, CHAIN = b"\x00", b"\x01", b"\x02"
"""What is hashed says what it is, so that none can be passed off as another."""

FIRST = bytes(32)
"""Stands for the seal before the first."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)

Mac = Callable[[bytes], bytes]
"""Keyed by whoever holds the audit key: this room has none."""

Gaps = list[list[int]]
"""Stretches of ids, both ends included, in order."""


class Row(NamedTuple):
    """One event as the database gives it, field by field in the order in which it is hashed."""

    id: int
    at: datetime
    actor_id: UUID | None
    session_h: str
    action: str
    object_type: str
    object_id: UUID | None
    audit_ref: UUID | None
    reason: str
    outcome: str
    request_id: str
    detail: Any


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a seal says, without the proof that we said it."""

    number: int
    lo: int
    hi: int
    n: int
    gaps: Gaps
    root: bytes
    prev_hash: bytes
    at: datetime

    def body(self) -> bytes:
        """The bytes that are keyed."""
        numbers = (self.number, self.lo, self.hi, self.n)
        rest = (as_json(self.gaps), self.root, self.prev_hash, _number(_micros(self.at)))
        return packed(SEAL, *(_number(one) for one in numbers), *rest)

    def hash(self, mac: bytes) -> bytes:
        """What the next seal and every anchor take over: the seal and its proof."""
        return sha256(CHAIN + packed(self.body(), mac)).digest()


class Root:
    """The root over the leaves of one stretch, its gaps and its count, taken in one event at a time."""

    def __init__(self, lo: int) -> None:
        self.n, self.gaps, self._next = 0, Gaps(), lo
        self._digest = sha256(ROOT)

    def take(self, row: Row) -> Self:
        """Add the event that comes next."""
        self._skip_to(row.id)
        self._next = row.id + 1
        self._digest.update(leaf(row))
        self.n += 1
        return self

    def close(self, hi: int) -> bytes:
        """The root, after the last event of the stretch."""
        self._skip_to(hi + 1)
        return self._digest.digest()

    def _skip_to(self, reached: int) -> None:
        if reached > self._next:
            self.gaps.append([self._next, reached - 1])
            self._next = reached


def leaf(row: Row) -> bytes:
    """SHA-256 over the id and every column of an event."""
    return sha256(LEAF + _number(row.id) + event(row)).digest()


def event(row: Row) -> bytes:
    """Every column but the id, to the microsecond; an empty text and nothing at all are two things."""
    texts = (row.reason, row.outcome, row.request_id)
    return packed(
        EVENT,
        _number(_micros(row.at)),
        _id(row.actor_id),
        _text(row.session_h),
        _text(row.action),
        _text(row.object_type),
        _id(row.object_id),
        _id(row.audit_ref),
        *(_text(one) for one in texts),
        as_json(row.detail),
    )


def packed(*parts: bytes | None) -> bytes:
    """`parts` in a row, each with its length: no two lists of parts give the same bytes."""
    return _length(parts) + b"".join(
        b"\0" if part is None else b"\1" + _length(part) + part for part in parts
    )


def as_json(kept: Any) -> bytes:
    """JSON with sorted keys, no blanks and ASCII only: the same from every database that kept it."""
    return ENCODER.encode(kept).encode("ascii")


def first_beyond(stretches: Gaps, others: Gaps) -> int | None:
    """The first id that lies in `stretches` and in none of `others`; both in order."""
    for begins, ends in stretches:
        at = begins
        for start, stop in others:
            if start <= at <= stop:
                at = stop + 1
        if at <= ends:
            return at
    return None


def _micros(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def _number(number: int) -> bytes:
    return number.to_bytes(8, "big", signed=True)


def _length(of: Iterable[Any]) -> bytes:
    return len(of).to_bytes(8, "little")  # type: ignore[arg-type]


def _id(of: UUID | None) -> bytes | None:
    return None if of is None else of.bytes


def _text(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
