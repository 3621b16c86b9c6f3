"""When a partner should have acted, and until when a verification stands (pure)."""

from datetime import date, datetime, timedelta

URGENCY_HOURS = {"emergency": 24, "urgent": 72, "normal": 14 * 24}
"""Inter-agency minimum standards on referral: emergency, urgent, normal."""

VERIFIED_DAYS = 90
HOTLINE_VERIFIED_DAYS = 30
DEFAULT_VALID_DAYS = 30
LONGEST_VALID_DAYS = 90


def deadline(urgency: str, asked_at: datetime) -> datetime:
    """The moment by which the partner should have acted on a request asked at `asked_at` (aware UTC)."""
    return asked_at + timedelta(hours=URGENCY_HOURS[urgency])


def verified_until(verified_on: date, *, is_hotline: bool) -> date:
    """The first day on which a service verified on `verified_on` may no longer be offered."""
    return verified_on + timedelta(days=HOTLINE_VERIFIED_DAYS if is_hotline else VERIFIED_DAYS)


def days_left(today: date, *, wished_days: int, agreement_ends_on: date) -> int:
    """How many days a request may stand: what was wished, within the limit and the agreement; 0 when it is over."""
    return max(0, min(wished_days, LONGEST_VALID_DAYS, (agreement_ends_on - today).days))
