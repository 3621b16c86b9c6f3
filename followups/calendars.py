"""What the calendars of countries say of the places where a person may be: days of rest, hours, holidays."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import QuerySet

from followups.models import CalendarEntry
from followups.models.calendars import EntryKind
from followups.scheduling.safe_times import CallingHours, ClockHours
from kernel.countries import weekend_of
from kernel.statements import statement
from tracker.models import Respondent
from tracker.whereabouts import possible_countries

USUAL_REST = frozenset({5, 6})
"""Saturday and Sunday, where nothing is known of the place."""

Countries = tuple[str, ...]


class Calendars:
    """The calendars of some countries, read once for a batch of people.

    Where it is not known in which of several countries somebody is, what any of them forbids is forbidden.
    """

    def __init__(self, entries: Iterable[CalendarEntry]) -> None:
        self._entries: dict[str, list[CalendarEntry]] = defaultdict(list)
        for entry in entries:
            self._entries[entry.country].append(entry)
        self._worked_out: dict[tuple[ClockHours, Countries], CallingHours] = {}

    def hours(self, usual: ClockHours, countries: Countries) -> CallingHours:
        """The hours of a study, with what is closed, paused or shortened in these countries."""
        key = usual, countries
        if key not in self._worked_out:
            self._worked_out[key] = self._hours(usual, countries)
        return self._worked_out[key]

    def rest_days(self, countries: Countries) -> frozenset[int]:
        """The weekdays that are days of rest in any of these countries."""
        days = [self._rest_days(country) for country in countries]
        return frozenset().union(*days) if days else USUAL_REST

    def _hours(self, usual: ClockHours, countries: Countries) -> CallingHours:
        found = [entry for country in countries for entry in self._entries.get(country, ())]
        return CallingHours(
            usual,
            closed_on=frozenset(day for one in found if one.kind == EntryKind.HOLIDAY for day in one.days),
            seasons=tuple(one.season for one in found if one.kind == EntryKind.SEASON),
        )

    def _rest_days(self, country: str) -> frozenset[int]:
        for entry in self._entries.get(country, ()):
            if entry.kind == EntryKind.REST_DAYS:
                return frozenset(entry.rest_days)
        return weekend_of(country)


def calendars_of(people: Collection[Respondent], now: datetime) -> Calendars:
    """The calendars of all countries in which these people may be, in one query."""
    countries = sorted({country for person in people for country in countries_of(person)})
    return Calendars(_about(countries, now) if countries else ())


def countries_of(person: Respondent) -> Countries:
    """The countries in which somebody may be, as far as it is known."""
    return possible_countries(person.country, tuple(person.zones))


@statement
def _about(countries: Collection[str], now: datetime) -> QuerySet[CalendarEntry]:
    return CalendarEntry.objects.filter(country__in=countries).not_over(now).order_by("from_on", "pk")
