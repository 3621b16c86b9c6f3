"""Fixtures of the orientation tests."""

import pytest

from tests.orientation import world as worlds


@pytest.fixture
def world(db):
    return worlds.build()
