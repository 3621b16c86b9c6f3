"""Teams."""

import pytest

from accounts import teams
from accounts.models import Team
from accounts.permissions import Role
from accounts.teams import TeamDetails
from audit.actions import Action
from audit.models import AuditEvent
from kernel.errors import DomainError
from tests.accounts.people import NOON, administrator, person, team

pytestmark = pytest.mark.django_db

NIAMEY = TeamDetails(code="NIA", title="Niamey", country="NE")


def test_an_administrator_makes_a_team():
    made = teams.create_team(details=NIAMEY, by=administrator(), now=NOON)

    assert Team.objects.get().pk == made.pk
    assert AuditEvent.objects.get().action == Action.TEAM_CHANGED


def test_a_team_keeps_its_people_when_its_title_changes():
    tripoli = team()
    sena = person(teams=(tripoli,))

    teams.change_team(team=tripoli, details=TeamDetails("TRIP", "West", "LY"), by=administrator(), now=NOON)

    assert sena.teams.get().title == "West"


def test_two_teams_never_share_a_code():
    team(code="NIA")

    with pytest.raises(DomainError) as refusal:
        teams.create_team(details=NIAMEY, by=administrator(), now=NOON)

    assert refusal.value.code == "team_code_taken"


def test_a_coordinator_makes_no_team():
    with pytest.raises(DomainError) as refusal:
        teams.create_team(details=NIAMEY, by=person(Role.COORDINATOR), now=NOON)

    assert refusal.value.code == "not_yours"
    assert not Team.objects.exists()


def test_a_code_that_looks_like_a_date_or_a_number_does_not_stop_the_trail():
    teams.create_team(details=TeamDetails("2026-2027-1", "Wave", "LY"), by=administrator(), now=NOON)

    assert Team.objects.get().code == "2026-2027-1"
