"""What casework tests share: a team with a study."""

import pytest

from tests.factories import approve_wordings, make_study, make_team, make_user


@pytest.fixture
def team(db):
    return make_team(country="TN")


@pytest.fixture
def study(team):
    return make_study(team=team)


@pytest.fixture
def enumerator(team):
    return make_user(team=team, languages=("en", "ar"))


@pytest.fixture
def wordings(db):
    approve_wordings(("en", "ar"))
