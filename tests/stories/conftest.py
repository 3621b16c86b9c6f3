"""What stories share: passwords that cost nothing to hash, and a calling day."""

import pytest

from tests.followups.making import World
from vault.providers import file


@pytest.fixture(autouse=True)
def cheap_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture
def world(db):
    return World()


@pytest.fixture
def vault_locked():
    """Lock the vault when asked, and open it again after the test."""
    yield file.lock
    file.unlock()
