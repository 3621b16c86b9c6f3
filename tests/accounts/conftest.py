"""What tests of accounts share: nothing counted against anybody yet, and an enumerator with a password."""

import pytest
from django.core.cache import cache

from accounts.permissions import Role
from tests.accounts.codes import with_password
from tests.accounts.people import person


@pytest.fixture
def fresh_counts():
    """Tries are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def sena():
    return with_password(person(Role.ENUMERATOR, "sena"))
