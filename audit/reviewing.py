"""The weekly review of the trail: which weeks wait for one, which looks it has covered, and saying that it was made."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, Max, Q, Value, When
from django.utils.translation import gettext as _

from audit import trail
from audit.actions import Action
from audit.models import AuditEvent, Review
from audit.trail import LOOKS_LIKE_A_NUMBER, Actor
from kernel.errors import DomainError

WEEK = timedelta(days=7)
WEEKS_BACK = 8
"""How long a week waits for its review; one older than that is no longer asked for."""
MOST = 1000
"""Unreviewed looks that are counted; beyond, the number says nothing more."""


class Waiting(NamedTuple):
    """Looks of one kind that nobody has reviewed: how many, and the week of the oldest."""

    kind: str
    how_many: int
    week: date


def week_of(at: datetime) -> date:
    """The Monday on which the week of `at` begins. Weeks are those of UTC: the same ones for every reader."""
    on = at.astimezone(UTC).date()
    return on - timedelta(days=on.weekday())


def begins(week: date) -> datetime:
    """The moment at which a week begins."""
    return datetime.combine(week, time.min, tzinfo=UTC)


def latest_weeks(now: datetime) -> tuple[date, ...]:
    """The present week and those before it of which anybody still asks, newest first."""
    return tuple(week_of(now) - n * WEEK for n in range(WEEKS_BACK + 1))


def weeks_due(now: datetime) -> tuple[date, ...]:
    """Weeks that are over, of which there is a trail, and that nobody has reviewed since; oldest first."""
    oldest = AuditEvent.objects.order_by("pk").values_list("at", flat=True).first()
    if oldest is None:
        return ()
    over = [week for week in latest_weeks(now)[1:] if week >= week_of(oldest)]
    done = {week for week, at in _reviews(over) if at >= begins(week + WEEK)}
    return tuple(sorted(set(over) - done))


def waiting(kinds: Mapping[str, Q], actions: Iterable[Action], now: datetime) -> tuple[Waiting, ...]:
    """Looks of each kind in the latest weeks that no review of their week had before it; two queries.

    A kind says which events it means; `actions` are all that any of them speaks of, so that an index finds the few.
    """
    weeks = latest_weeks(now)
    covered = dict(
        Review.objects.filter(week__in=weeks).order_by().values_list("week").annotate(Max("up_to"))
    )
    latest = AuditEvent.objects.filter(at__gte=begins(weeks[-1]), at__lte=now, action__in=list(actions))
    meant = Case(*(When(meaning, then=Value(kind)) for kind, meaning in kinds.items()))
    found = latest.annotate(kind=meant).exclude(kind=None).order_by("-pk")
    weeks_of: dict[str, list[date]] = {}
    for pk, kind, at in found.values_list("pk", "kind", "at")[:MOST]:
        if pk > covered.get(week_of(at), 0):
            weeks_of.setdefault(kind, []).append(week_of(at))
    return tuple(Waiting(kind, len(there), min(there)) for kind, there in weeks_of.items())


@transaction.atomic
def review(*, week: date, up_to: int, note: str, by: Actor, now: datetime) -> Review:
    """Say that `by` has read the looks of a week as far as the event `up_to`; a week may be reviewed more than once.

    Raises `no_such_week` and `number_in_note`.
    """
    if week not in latest_weeks(now):
        raise DomainError(
            "no_such_week",
            _("This week cannot be reviewed: it has not begun, or nobody asks for it any more."),
            next_step=_("Choose one of the weeks in the list."),
        )
    if LOOKS_LIKE_A_NUMBER.search(note):
        raise DomainError(
            "number_in_note",
            _("There is something like a phone number in the note, and a note is kept for ever."),
            kept=_("Nothing was written down."),
            next_step=_("Write it without the number."),
        )
    newest = AuditEvent.objects.order_by().aggregate(Max("pk"))["pk__max"] or 0
    made = Review.objects.create(week=week, by=by.pk, at=now, up_to=min(up_to, newest), note=note)
    trail.record(Action.TRAIL_REVIEWED, by=by, at=now, detail={"week": week.isoformat()})
    return made


def _reviews(weeks: list[date]) -> list[tuple[date, datetime]]:
    return list(Review.objects.filter(week__in=weeks).values_list("week", "at"))
