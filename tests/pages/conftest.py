"""What tests of pages share: a team in one country, its study, and those who work in it."""

import pytest

from accounts.permissions import Role
from tests.factories import make_study, make_team, make_user


@pytest.fixture
def team(db):
    return make_team(country="TN")


@pytest.fixture
def study(team):
    return make_study(team=team)


@pytest.fixture
def enumerator(team):
    return make_user(team=team)


@pytest.fixture
def coordinator(team):
    return make_user(Role.COORDINATOR, team=team)
