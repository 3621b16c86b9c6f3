"""What casework tests share: passwords that cost nothing to hash, and a team with a study."""

import pytest

from tests.factories import approve_wordings, make_study, make_team, make_user


@pytest.fixture(autouse=True)
def cheap_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


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
