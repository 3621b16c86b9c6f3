"""The observer's only door to the database: the events of the trail and the rows of dials, streamed as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from audit.models import AuditEvent
from followups.models import Dial

AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the trail."""

    id: int
    at: datetime
    action: str
    actor: UUID | None = None
    ref: UUID | None = None
    object_type: str = ""
    object_id: UUID | None = None
    outcome: str = "done"
    reason: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DialRow:
    """One number dialled, or ordered and cancelled."""

    id: UUID
    attempt: UUID
    point: UUID
    state: str
    ordered_at: datetime
    placed_at: datetime | None = None
    revealed_at: datetime | None = None
    counts_as_burden: bool = True

    @property
    def was_placed(self) -> bool:
        return self.placed_at is not None and self.state != "cancelled"

    @property
    def may_have_rung(self) -> bool:
        return self.was_placed and self.counts_as_burden


def events() -> Iterator[Event]:
    """The whole trail in the order in which it was written."""
    rows = AuditEvent.objects.order_by("id").values_list(
        "id", "at", "action", "actor_id", "audit_ref", "object_type", "object_id", "outcome", "reason", "detail"
    )  # fmt: skip
    return (Event(*row) for row in rows.iterator(chunk_size=AT_ONCE))


def dials() -> Iterator[DialRow]:
    """Every dial, by the moment of its order."""
    rows = Dial.objects.order_by("ordered_at", "id").values_list(
        "id", "attempt_id", "contact_point_id", "state", "ordered_at", "placed_at", "revealed_at", "counts_as_burden"
    )  # fmt: skip
    return (DialRow(*row) for row in rows.iterator(chunk_size=AT_ONCE))
