"""One week of looks as the officer reviews it: a line for each member of staff, and what has to be asked about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from audit import reviewing
from audit.models import AuditEvent, AuditEvents, Review
from consent.permits import Opening
from reports.digest import COUNTED, IN_A_CALL, PRESSING
from reports.events import EventLine, as_lines
from reports.standing_out import PersonWeek, Seen, by_person

MOST = 200_000
"""Events of one week that are read; the page says so when there were more."""
PRESSING_SHOWN = 50
OUTSIDE_A_CALL = frozenset(opening.value for opening in Opening if opening not in IN_A_CALL)


@dataclass(frozen=True, slots=True)
class WeekChoice:
    """A week in the list: whether it waits for a review, and whether it is still going on."""

    week: date
    is_due: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review that was made."""

    at: datetime
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class WeekPage:
    """What is shown of a week; `up_to` is the newest event of the trail when it was read."""

    week: date
    people: tuple[tuple[str, PersonWeek], ...]
    pressing: tuple[EventLine, ...]
    reviews: tuple[ReviewLine, ...]
    weeks: tuple[WeekChoice, ...]
    up_to: int
    is_cut: bool


def week_page(week: date, *, reader: User, now: datetime) -> WeekPage:
    """The looks of one week, in as many queries for a long trail as for a short one."""
    up_to = AuditEvent.objects.order_by().aggregate(Max("pk"))["pk__max"] or 0
    staff = {
        pk: (name, zone) for pk, name, zone in User.objects.values_list("pk", "display_name", "time_zone")
    }
    zone_of = {pk: zone for pk, (_name, zone) in staff.items()}
    events = _of_week(week).filter(pk__lte=up_to)
    read = _Counted(_seen(events))
    people = by_person(read, zone_of, OUTSIDE_A_CALL)
    gone = (_("Somebody whose account is gone"), "")
    return WeekPage(
        week=week,
        people=tuple((staff.get(line.actor_id, gone)[0], line) for line in people),
        pressing=as_lines(_pressing(events), reader.time_zone),
        reviews=_reviews(week, {pk: name for pk, (name, _zone) in staff.items()}),
        weeks=_choices(now),
        up_to=up_to,
        is_cut=read.n >= MOST,
    )


def week_to_review(now: datetime) -> date:
    """The week that has waited longest; the present one when none waits."""
    due = reviewing.weeks_due(now)
    return due[0] if due else reviewing.week_of(now)


class _Counted:
    """What is read once, and how much of it there was."""

    def __init__(self, seen: Iterator[Seen]) -> None:
        self._seen, self.n = seen, 0

    def __iter__(self) -> Iterator[Seen]:
        for one in self._seen:
            self.n += 1
            yield one


def _of_week(week: date) -> AuditEvents:
    ends = reviewing.begins(week + reviewing.WEEK)
    return AuditEvent.objects.filter(at__gte=reviewing.begins(week), at__lt=ends)


def _seen(events: AuditEvents) -> Iterator[Seen]:
    columns = ("actor_id", "at", "action", "outcome", "audit_ref", "detail__opening")
    found = events.exclude(actor_id=None).order_by().values_list(*columns)[:MOST]
    return map(Seen._make, found.iterator(chunk_size=2000))


def _pressing(events: AuditEvents) -> list[AuditEvent]:
    of_any_kind = reduce(or_, PRESSING.values())
    return list(events.filter(of_any_kind, action__in=COUNTED).order_by("-pk")[:PRESSING_SHOWN])


def _reviews(week: date, names: dict[UUID, str]) -> tuple[ReviewLine, ...]:
    made = Review.objects.filter(week=week).order_by("-pk")
    return tuple(
        ReviewLine(one.at, names.get(one.by, _("Somebody whose account is gone")), one.note) for one in made
    )


def _choices(now: datetime) -> tuple[WeekChoice, ...]:
    due, present = set(reviewing.weeks_due(now)), reviewing.week_of(now)
    return tuple(WeekChoice(week, week in due, week < present) for week in reviewing.latest_weeks(now))
