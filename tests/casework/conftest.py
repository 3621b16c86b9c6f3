"""What casework tests share beside their team: an enumerator of two languages, and approved wordings."""

import pytest

from tests.factories import approve_wordings, make_user


@pytest.fixture
def enumerator(team):
    return make_user(team=team, languages=("en", "ar"))


@pytest.fixture
def wordings(db):
    approve_wordings(("en", "ar"))
