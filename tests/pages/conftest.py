"""What tests of pages share beside their team: an enumerator."""

import pytest

from tests.factories import make_user


@pytest.fixture
def enumerator(team):
    return make_user(team=team)
