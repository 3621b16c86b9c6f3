"""Reading the trail is in the trail."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from audit.models import AuditEvent
from audit.reading import looked_at_the_trail

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
OFFICER = UUID("00112233-4455-6677-8899-aabbccddeeff")
ABOUT = UUID("10112233-4455-6677-8899-aabbccddeeff")


class Officer:
    pk = OFFICER


@pytest.mark.parametrize("about", [None, ABOUT])
def test_a_look_says_who_read_when_and_about_whom(about):
    looked_at_the_trail(by=Officer(), now=NOW, about=about)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id, event.at) == ("audit.trail_read", OFFICER, NOW)
    assert (event.audit_ref, event.outcome, event.detail) == (about, "done", {})
