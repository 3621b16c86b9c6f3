"""The permission to open one handle, for one purpose, by one actor, for a short while (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

LONGEST_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Permit:
    """Issued by `consent` (respondents' data) and `accounts` (staff secrets) alone, after asking for leave.

    `audit_event_id` names the event of the trail that tells of this look; `actor` is None for the system.
    """

    subject: UUID
    row: UUID
    label: str
    purpose: str
    actor: UUID | None
    issued_at: datetime
    audit_event_id: int
    valid_seconds: int = LONGEST_SECONDS

    def covers(self, *, subject: UUID | None, row: UUID | None, label: str, now: datetime) -> bool:
        """True for the very handle it was issued for, from its issue until it ends, at most 60 s later."""
        ends_at = self.issued_at + timedelta(seconds=min(self.valid_seconds, LONGEST_SECONDS))
        is_same_handle = (subject, row, label) == (self.subject, self.row, self.label)
        return is_same_handle and self.issued_at <= now < ends_at
