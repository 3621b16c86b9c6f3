"""A key file per test, and a table with sealed fields."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import override_settings

from audit import trail
from audit.actions import Action
from vault import lines, subject_keys
from vault.permits import Permit
from vault.providers import file
from vault.sealing import seal_into

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CALLER = UUID("c0ffee00-0000-4000-8000-000000000001")


@pytest.fixture(autouse=True)
def key_file(settings, tmp_path) -> Path:
    """A key file of this test alone."""
    path = tmp_path / "keys" / "vault.json"
    settings.VAULT_KEY_FILE = str(path)
    file.create(path)
    return path


@pytest.fixture(scope="session")
def card_table(django_db_setup, django_db_blocker):
    from tests.vault.testapp.models import Card

    with django_db_blocker.unblock(), connections["default"].schema_editor() as editor:
        editor.create_model(Card)
    yield
    with django_db_blocker.unblock(), connections["default"].schema_editor() as editor:
        editor.delete_model(Card)


@pytest.fixture(scope="module")
def card_app():
    with override_settings(INSTALLED_APPS=[*django_settings.INSTALLED_APPS, "tests.vault.testapp"]):
        yield


@pytest.fixture
def new_card(card_app, card_table, db):
    """Makes a saved card whose subject has a key; a number is sealed and stands in the phone index."""
    return make_card


def make_card(number=None, note=None, subject=None):
    from tests.vault.testapp.models import Card

    card = Card(respondent_id=subject or uuid4())
    subject_keys.create([card.respondent_id], now=NOON)
    seal_into(card, "note", note)
    seal_into(card, "number", number)
    if number is None:
        card.save()
        return card
    with lines.locked([number]):
        card.save()
        lines.add(contact_point=card.pk, subject=card.respondent_id, e164=number, now=NOON)
    return card


@pytest.fixture
def permit_for(db):
    """Makes a permit for a handle, with its event in the trail."""

    def permit(sealed, **changes):
        event = trail.record(Action.IDENTITY_OPENED, by=CALLER, at=NOON)
        options = {
            "subject": sealed.subject, "row": sealed.row, "label": sealed.label, "purpose": "recontact",
            "actor": CALLER, "issued_at": NOON, "audit_event_id": event.pk,
        }  # fmt: skip
        return Permit(**(options | changes))

    return permit


@pytest.fixture
def raw():
    """Reads and writes columns past the models, as someone with the database would."""

    def execute(sql, values=(), alias="default"):
        with connections[alias].cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    return SimpleNamespace(execute=execute)
