"""What tests themselves stand on: two databases, guards that come back after a flush, and a browser."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connections
from django.test import TransactionTestCase

from audit.actions import Action
from audit.models import AuditEvent
from audit.trail import record

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class AfterEveryTransactionalTest(TransactionTestCase):
    """What Django runs when a transactional test has ended."""

    databases = frozenset({"default", "vault"})


@pytest.mark.django_db
@pytest.mark.parametrize("alias", ["default", "vault"])
def test_a_test_that_uses_a_database_may_use_both(alias):
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")

        assert cursor.fetchone() == (1,)


def test_the_fixture_alone_opens_both_too(db):
    assert connections["vault"].in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_a_flush_empties_trail_and_cache_and_leaves_the_trail_guarded():
    record(Action.VAULT_ALERT, by=None, at=NOON)
    cache.set("left-behind", "yes")

    AfterEveryTransactionalTest()._fixture_teardown()

    assert AuditEvent.objects.count() == 0
    assert cache.get("left-behind") is None
    record(Action.VAULT_ALERT, by=None, at=NOON)
    with pytest.raises(DatabaseError, match="append-only|permission denied"):
        AuditEvent.objects.all().delete()


@pytest.mark.browser
def test_a_real_browser_reaches_the_running_server(browser_page):
    browser_page.goto("/healthz")

    assert browser_page.inner_text("body").strip() == "ok"


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_second_run_is_on_postgresql():
    assert connections["default"].vendor == connections["vault"].vendor == "postgresql"
