"""Rows of the pages about staff, read in a number of queries that does not grow with them."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import Team, User
from kernel import countries, languages


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the staff list."""

    person: User
    teams: str
    languages: str
    countries: str
    shift_count: int


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One line of the list of teams."""

    team: Team
    country: str
    people_count: int


def people_in_rows(people: QuerySet[User], locale: str) -> list[PersonRow]:
    """Open accounts first, each with the names of teams and languages for a reader of `locale`."""
    read = people.order_by("-is_active", "username").prefetch_related(
        "teams", "languages", "countries", "shifts"
    )
    return [
        PersonRow(
            person=person,
            teams=", ".join(team.code for team in person.teams.all()),
            languages=", ".join(
                sorted(languages.names(one.language, locale) for one in person.languages.all())
            ),
            countries=", ".join(
                sorted(countries.country_name(one.country, locale) for one in person.countries.all())
            ),
            shift_count=len(person.shifts.all()),
        )
        for person in read
    ]


def teams_in_rows(teams: QuerySet[Team], locale: str) -> list[TeamRow]:
    """Each team with its country's name and how many open accounts it has."""
    counted = teams.annotate(people_count=Count("user", filter=Q(user__is_active=True)))
    return [
        TeamRow(team, countries.country_name(team.country, locale), team.people_count) for team in counted
    ]
