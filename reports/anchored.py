"""How the trail is sealed, for the officer: the words of the day, the newest seal, the last verification."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from audit import digests
from audit.actions import Action
from audit.models import AuditEvent, Seal

SEALS_EVERY = timedelta(hours=1)
"""A newest seal older than this, with events behind it, is worth a word."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """`words` are those of today, "" before they were issued; `is_behind` when events wait for a seal too long."""

    words: str
    seal: int | None
    sealed_at: datetime | None
    is_behind: bool
    verified_at: datetime | None
    is_verified: bool


def anchored(now: datetime) -> Anchored:
    """In four queries at most, whatever the length of the trail."""
    issued = digests.of_today(now)
    newest = Seal.objects.order_by("-number").first()
    last = AuditEvent.objects.filter(action__in=(Action.TRAIL_VERIFIED, Action.TRAIL_ALARM)).first()
    return Anchored(
        words=issued.detail["words"] if issued else "",
        seal=issued.detail["seal"] if issued else None,
        sealed_at=newest.at if newest else None,
        is_behind=_is_behind(newest, now),
        verified_at=last.at if last else None,
        is_verified=last is not None and last.action == Action.TRAIL_VERIFIED and last.outcome == "done",
    )


def _is_behind(newest: Seal | None, now: datetime) -> bool:
    waiting = AuditEvent.objects.filter(pk__gt=newest.hi if newest else 0).order_by("pk")
    oldest = waiting.values_list("at", flat=True).first()
    return oldest is not None and now - oldest > SEALS_EVERY
