"""Synthetic staff for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from accounts.models import StaffLanguage, Team, User
from accounts.permissions import Role

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def team(code="TRIP", title="Tripoli", country="LY"):
    return Team.objects.get_or_create(code=code, defaults={"title": title, "country": country})[0]


def person(role=Role.ENUMERATOR, username="", teams=(), languages=(), **columns):
    """An open account without a usable password; pages are reached with `signed_in`."""
    username = username or f"{role}-{User.objects.count() + 1}".replace("_", "-")
    made = User(username=username, display_name=username.title(), role=role, **columns)
    made.set_unusable_password()
    made.save()
    made.teams.set(teams)
    StaffLanguage.objects.bulk_create(StaffLanguage(user=made, language=code) for code in languages)
    return made


def administrator(username="ada"):
    return person(Role.ADMINISTRATOR, username)
