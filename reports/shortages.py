"""The coming seven days: what is expected to be tried in each language and voice, against its speakers' hours."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Greatest, TruncDate

from accounts.models import Gender, Shift, StaffLanguage, User
from accounts.scoping import by_team
from followups.models.follow_ups import LIVE, State
from kernel import languages, zones
from reports.wanted import Wanted

DAYS = 7
ATTEMPTS_AN_HOUR = 5
"""Dialling, talking and writing down: what one caller gets through, interviews included."""

Line = tuple[str, str]
"""A language, and the voice that was wished for."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one line: attempts expected, the hours of its speakers, and windows that close untried."""

    on: date
    expected: int
    hours: int
    closing: int

    @property
    def is_short(self) -> bool:
        return self.expected > self.hours * ATTEMPTS_AN_HOUR


@dataclass(frozen=True, slots=True)
class Outlook:
    """A language and a wished voice over the coming days."""

    language: str
    voice: str
    speakers: int
    days: tuple[Day, ...]

    @property
    def is_short(self) -> bool:
        return any(day.is_short for day in self.days)


def shortages(wanted: Wanted, locale: str) -> tuple[Outlook, ...]:
    """Every line that something is expected in, those that are short first; days are the reader's."""
    days = _days(wanted)
    expected, closing = _expected(wanted, days), _closing(wanted, days)
    speakers = _speakers(wanted)
    rows = [
        _outlook(line, speakers, days, expected, closing, locale)
        for line in {(language, voice) for language, voice, _on in (*expected, *closing)}
    ]
    return tuple(sorted(rows, key=lambda row: (not row.is_short, row.language, row.voice)))


def _outlook(
    line: Line,
    speakers: dict[str, list[User]],
    days: tuple[date, ...],
    expected: "Counter[tuple[str, str, date]]",
    closing: "Counter[tuple[str, str, date]]",
    locale: str,
) -> Outlook:
    language, voice = line
    able = [one for one in speakers[language] if voice in (Gender.NOT_SAID, one.gender)]
    cells = tuple(
        Day(on, expected[*line, on], round(sum(_hours(one, on) for one in able)), closing[*line, on])
        for on in days
    )
    wish = "" if voice == Gender.NOT_SAID else str(Gender(voice).label)
    return Outlook(languages.names(language, locale), wish, len(able), cells)


def _days(wanted: Wanted) -> tuple[date, ...]:
    today = zones.local(wanted.now, wanted.reader.time_zone).date()
    return tuple(today + timedelta(days=ahead) for ahead in range(DAYS))


def _expected(wanted: Wanted, days: tuple[date, ...]) -> "Counter[tuple[str, str, date]]":
    """One attempt for each that is ready on the day it becomes so, and for each window on the day it opens."""
    ready = wanted.follow_ups().filter(state=State.READY, ready_until__gt=wanted.now)
    opening = wanted.follow_ups().filter(state=State.PLANNED)
    ends_at = _ends_at(wanted, days)
    return _counted(
        ready.filter(ready_from__lt=ends_at), Greatest("ready_from", wanted.now), wanted
    ) + _counted(opening.filter(opens_at__lt=ends_at), Greatest("opens_at", wanted.now), wanted)


def _closing(wanted: Wanted, days: tuple[date, ...]) -> "Counter[tuple[str, str, date]]":
    untried = wanted.follow_ups().filter(state__in=[state.value for state in LIVE], attempts_made=0)
    closing = untried.filter(closes_at__gt=wanted.now, closes_at__lt=_ends_at(wanted, days))
    return _counted(closing, "closes_at", wanted)


def _counted(rows: QuerySet[Any], moment: Any, wanted: Wanted) -> "Counter[tuple[str, str, date]]":
    on = TruncDate(moment, tzinfo=ZoneInfo(wanted.reader.time_zone))
    counted = rows.order_by().values_list("language", "caller_gender", on).annotate(many=Count("pk"))
    return Counter({(language, voice, day): many for language, voice, day, many in counted})


def _ends_at(wanted: Wanted, days: tuple[date, ...]) -> datetime:
    midnight = datetime.min.time()
    return zones.at_local(days[-1] + timedelta(days=1), midnight, wanted.reader.time_zone)


def _speakers(wanted: Wanted) -> dict[str, list[User]]:
    """Working enumerators of the reader's teams, by language, with their shifts."""
    theirs = by_team(wanted.reader, "teams") & (Q(teams=wanted.team) if wanted.team else Q())
    working = User.objects.working().enumerators().filter(theirs).distinct()
    callers = {one.pk: one for one in working.prefetch_related("shifts")}
    said = StaffLanguage.objects.filter(user__in=callers).values_list("language", "user")
    found: dict[str, list[User]] = defaultdict(list)
    for language, user in said:
        found[language].append(callers[user])
    return found


def _hours(caller: User, on: date) -> float:
    """The hours of their shifts on that day of the week, on their own clock."""
    today: list[Shift] = [shift for shift in caller.shifts.all() if shift.weekday == on.weekday()]
    return sum(
        (datetime.combine(on, shift.ends) - datetime.combine(on, shift.starts)).total_seconds() / 3600
        for shift in today
    )
