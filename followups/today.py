"""What an enumerator's first page shows: what can be called now, what the rest waits for, appointments, the day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum
from django.utils.translation import get_language

from accounts.models import User
from followups.calling import claiming
from followups.models import Appointment, Attempt, Claim, FollowUp, WaitingCount
from followups.models.follow_ups import FollowUps
from followups.queue import beginning_for, ready_for
from followups.scheduling.explanations import IN_SHORT
from followups.scheduling.reasons import Reason
from kernel import languages, zones
from vault.providers import provider

SHOWN = 20
"""Counts stop here: "20+"."""
REASONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait for one thing, and what it is in a few words."""

    how_many: int
    what: str


@dataclass(frozen=True, slots=True)
class Promised:
    """An appointment as the first page lists it; `zone` is the respondent's clock."""

    appointment: Appointment
    zone: str
    language: str
    is_missed: bool


@dataclass(frozen=True, slots=True)
class Today:
    """All of the first page."""

    claim: Claim | None
    callable_now: int
    is_more: bool
    waiting: tuple[Waiting, ...]
    counted_at: datetime | None
    promised: tuple[Promised, ...]
    calls: int
    reached: int
    interviews: int
    without_outcome: tuple[Attempt, ...]
    is_locked: bool


def today_of(user: User, now: datetime) -> Today:
    """The enumerator's day at `now`, in a fixed number of queries whatever the size of the panel."""
    callable_now = _callable_now(user, now)
    waiting, counted_at = _waiting(user)
    mine = list(Attempt.objects.by(user, _midnight(user, now)))
    return Today(
        claim=claiming.mine(by=user, now=now),
        callable_now=min(callable_now, SHOWN),
        is_more=callable_now > SHOWN,
        waiting=waiting,
        counted_at=counted_at,
        promised=_promised(user, now),
        calls=len(mine),
        reached=sum(one.was_reached for one in mine),
        interviews=sum(one.disposition == "completed" for one in mine),
        without_outcome=tuple(
            Attempt.objects.filter(enumerator=user, started_at__gt=now - timedelta(days=7))
            .without_outcome()
            .select_related("respondent")[:5]
        ),
        is_locked=provider().is_locked(),
    )


def _callable_now(user: User, now: datetime) -> int:
    return _up_to_shown(ready_for(user, now)) or _up_to_shown(beginning_for(user, now))


def _up_to_shown(ready: FollowUps) -> int:
    return len(ready.values_list("pk")[: SHOWN + 1])


def _waiting(user: User) -> tuple[tuple[Waiting, ...], datetime | None]:
    counts = list(
        WaitingCount.objects.filter(team__in=user.team_ids, language__in=user.language_codes)
        .values("reason", "counted_at")
        .annotate(total=Sum("how_many"))
        .order_by("-total")[:REASONS_SHOWN]
    )
    lines = tuple(Waiting(one["total"], str(IN_SHORT[Reason(one["reason"])])) for one in counts)
    return lines, counts[0]["counted_at"] if counts else None


def _promised(user: User, now: datetime) -> tuple[Promised, ...]:
    """Appointments of the next day in the caller's languages, and those missed, their own respondents first."""
    rows = (
        Appointment.objects.open()
        .filter(starts_at__lt=now + timedelta(hours=24))
        .filter(follow_up__in=FollowUp.objects.live().for_caller(user))
        .select_related("respondent")
        .order_by("starts_at")[:10]
    )
    return tuple(
        Promised(
            appointment=one,
            zone=one.respondent.likeliest_zone,
            language=languages.names(one.respondent.language, get_language() or "en"),
            is_missed=one.until <= now,
        )
        for one in rows
    )


def _midnight(user: User, now: datetime) -> datetime:
    return zones.local(now, user.time_zone).replace(hour=0, minute=0, second=0, microsecond=0)
