"""Keeping the calendars of countries: days of rest, holidays, and seasons with other hours."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups.models import CalendarEntry
from followups.models.calendars import EntryKind, over_at
from kernel import countries, zones
from kernel.errors import Conflict, DomainError

LONGEST_HOLIDAY_DAYS, LONGEST_SEASON_DAYS = 14, 60
FURTHEST_AHEAD = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Days:
    """A first and a last day, both included, and what staff call them."""

    name: str
    from_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a season, and pairs of times within them at which nobody is called."""

    calling_from: time
    calling_until: time
    pauses: Sequence[tuple[time, time]] = ()


@transaction.atomic
def set_rest_days(*, country: str, days: Collection[int], by: User, now: datetime) -> CalendarEntry:
    """The weekdays of rest of a country, 0 is Monday, in place of those known from elsewhere.

    Raises `unknown_country`, and `no_working_day` where none of the seven is left.
    """
    code, rest = countries.country(country), sorted(set(days))
    if len(rest) > 6:
        raise _refused("no_working_day", _("A week needs one working day at least."), _("Take out a day."))
    entry, _is_new = CalendarEntry.objects.update_or_create(
        country=code,
        kind=EntryKind.REST_DAYS,
        defaults={"rest_days": rest, "over_at": over_at(None), "made_by": by, "made_at": now},
    )
    _record(entry, "set", by, now)
    return entry


@transaction.atomic
def add_holiday(*, country: str, days: Days, by: User, now: datetime) -> CalendarEntry:
    """Days on which nobody in the country is called, whatever was promised.

    Raises `unknown_country`, `days_in_order`, `days_over`, `days_far_ahead`, `days_too_many` and `calendar_taken`.
    """
    entry = _dated(EntryKind.HOLIDAY, country, days, by, now)
    _check_length(days, LONGEST_HOLIDAY_DAYS, _("For a longer time set a season with other hours."))
    return _add(entry, by, now)


@transaction.atomic
def add_season(*, country: str, days: Days, hours: Hours, by: User, now: datetime) -> CalendarEntry:
    """Days with other hours, such as those of Ramadan. They make a study's hours narrower and never wider.

    Raises, beside what `add_holiday` does, `season_hours` and `season_pauses`.
    """
    entry = _dated(EntryKind.SEASON, country, days, by, now)
    _check_length(days, LONGEST_SEASON_DAYS, _("Set two seasons, one after the other, if it is meant."))
    _check_hours(hours)
    entry.calling_from, entry.calling_until = hours.calling_from, hours.calling_until
    entry.pauses = [[f"{starts:%H:%M}", f"{ends:%H:%M}"] for starts, ends in hours.pauses]
    return _add(entry, by, now)


@transaction.atomic
def remove(*, entry: CalendarEntry, by: User, now: datetime) -> None:
    """Take a line out of a calendar; of the days of rest, the usual ones hold again. Twice changes nothing."""
    if CalendarEntry.objects.filter(pk=entry.pk).delete()[0]:
        _record(entry, "removed", by, now)


def _dated(kind: EntryKind, country: str, days: Days, by: User, now: datetime) -> CalendarEntry:
    code = countries.country(country)
    if days.last_on < days.from_on:
        raise _refused(
            "days_in_order",
            _("The last day comes before the first."),
            _("Give the same day twice for one day."),
        )
    first_today = zones.local(now, "Etc/GMT+12").date()
    if days.last_on < first_today:
        raise _refused("days_over", _("These days are over."), _("Check the year."))
    if days.from_on > first_today + FURTHEST_AHEAD:
        raise _refused("days_far_ahead", _("These days are years ahead."), _("Check the year."))
    until_on = days.last_on + timedelta(days=1)
    return CalendarEntry(
        country=code,
        kind=kind,
        name=days.name,
        from_on=days.from_on,
        until_on=until_on,
        over_at=over_at(until_on),
        made_by=by,
        made_at=now,
    )


def _check_length(days: Days, most: int, next_step: str) -> None:
    if (days.last_on - days.from_on).days >= most:
        raise _refused(
            "days_too_many",
            _("That is longer than %(most)s days; people would wait all that time.") % {"most": most},
            next_step,
        )


def _check_hours(hours: Hours) -> None:
    if hours.calling_until <= hours.calling_from:
        raise _refused(
            "season_hours",
            _("Calling has to end later in the day than it begins."),
            _("Choose hours such as 10:00 to 16:00."),
        )
    for starts, ends in hours.pauses:
        if not hours.calling_from <= starts < ends <= hours.calling_until:
            raise _refused(
                "season_pauses",
                _("A pause lies within the hours in which you call, and ends after it begins."),
                _("Write each as two times, such as 12:15-13:00."),
            )


def _add(entry: CalendarEntry, by: User, now: datetime) -> CalendarEntry:
    same = CalendarEntry.objects.filter(country=entry.country, kind=entry.kind, from_on=entry.from_on)
    if same.exists():
        raise Conflict(
            "calendar_taken",
            _("There is a line of this kind already that begins on the same day."),
            kept=_("The calendar is as it was."),
            next_step=_("Remove that one first if it is wrong."),
        )
    entry.save(force_insert=True)
    _record(entry, "added", by, now)
    return entry


def _refused(code: str, sentence: str, next_step: str) -> DomainError:
    return DomainError(code, sentence, kept=_("The calendar is as it was."), next_step=next_step)


def _record(entry: CalendarEntry, change: str, by: User, now: datetime) -> None:
    detail = {"country": entry.country, "kind": entry.kind, "change": change}
    if entry.from_on is not None and entry.until_on is not None:
        detail |= {"from": str(entry.from_on), "until": str(entry.until_on)}
    trail.record(
        Action.CALENDAR_CHANGED,
        by=by,
        at=now,
        object_type="calendar_entry",
        object_id=entry.pk,
        detail=detail,
    )
