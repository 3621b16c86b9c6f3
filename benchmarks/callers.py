"""Many callers at once: accounts copied after one that was made by the use case, in groups by what they speak."""

from uuid import uuid4

from django.db.models import QuerySet

from accounts.models import StaffLanguage, Team, User
from benchmarks import lives

EACH_GROUP = 320
GROUPS: dict[str, int] = {"one": 1, "two": 2, "five": 5}
"""How many languages the callers of a group speak; all are of the first team alone."""
NOBODYS, LATER = "nobodys", "later"
"""Callers of a language that nobody speaks, and of one in which nobody can be called before tomorrow."""


def hire() -> None:
    """All groups, like somebody who was hired by the use case."""
    spoken = lives.spoken()
    languages = {name: spoken[:count] for name, count in GROUPS.items()}
    languages |= {NOBODYS: (lives.NOBODY_SPEAKS,), LATER: (spoken[-1],)}
    example, team = User.objects.get(username="caller0"), Team.objects.get(code=lives.FIRST_TEAM)
    for group, codes in languages.items():
        people = [_like(example, f"{group}{number}") for number in range(EACH_GROUP)]
        User.objects.bulk_create(people)
        User.teams.through.objects.bulk_create(
            User.teams.through(user_id=one.pk, team_id=team.pk) for one in people
        )
        StaffLanguage.objects.bulk_create(
            StaffLanguage(user=one, language=code) for one in people for code in codes
        )


def _like(example: User, name: str) -> User:
    columns = {field.attname: getattr(example, field.attname) for field in User._meta.local_concrete_fields}
    return User(**{**columns, "id": uuid4(), "username": name, "display_name": name})


def group(name: str) -> list[User]:
    """The callers of a group, each with team and languages read, as a request has read them before it claims."""
    callers = list(_named(name))
    for one in callers:
        _read = one.team_ids, one.language_codes
    return callers


def _named(name: str) -> QuerySet[User]:
    return User.objects.filter(username__startswith=name).order_by("pk")
