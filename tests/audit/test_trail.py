"""The trail grows and never changes, and holds no plaintext."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from audit import trail
from audit.actions import Action
from audit.models import AuditEvent
from audit.trail import Origin, PlaintextInTrail

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
SOMEBODY = UUID("00112233-4455-6677-8899-aabbccddeeff")


def an_event(**changes):
    return trail.record(Action.CLAIMED, **{"by": SOMEBODY, "at": NOW, **changes})


def test_an_event_says_who_did_what_when_and_about_whom():
    event = an_event(audit_ref=SOMEBODY, object_type="claim", object_id=SOMEBODY)

    stored = AuditEvent.objects.get(pk=event.pk)
    assert (stored.actor_id, stored.action, stored.at) == (SOMEBODY, "followups.claimed", NOW)
    assert stored.audit_ref == SOMEBODY


def test_the_system_acts_without_an_actor():
    assert an_event(by=None).actor_id is None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditevent SET reason = 'other'", "DELETE FROM audit_auditevent"],
)
def test_no_event_can_be_changed_or_deleted(statement):
    an_event()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEvent.objects.count() == 1


@pytest.mark.postgres
def test_the_trail_cannot_be_truncated():
    an_event()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_auditevent")


@pytest.mark.postgres
def test_the_role_of_the_application_has_given_up_the_right_to_change_the_trail():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relacl::text FROM pg_class WHERE relname = 'audit_auditevent'")
        rights = cursor.fetchone()[0]
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]

    own = next(entry for entry in rights.strip("{}").split(",") if entry.startswith(f"{role}="))
    letters = own.split("=")[1].split("/")[0]
    assert "r" in letters
    assert not set("wdD") & set(letters)


def test_an_action_outside_the_vocabulary_is_refused_by_the_database():
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.create(at=NOW, action="made.up", outcome="done")


@pytest.mark.parametrize(
    "number",
    [
        "+12025550123",
        "0044 7700 900123",
        "(202) 555-0123",
        "00201001234567",
        "20251231",
        "07700/900123",
        "07700\u2013900123",
        "٠٧٧٠٠٩٠٠١٢٣",
    ],
)
def test_something_shaped_like_a_number_is_not_written(number):
    with pytest.raises(PlaintextInTrail):
        an_event(reason=f"called {number}")
    with pytest.raises(PlaintextInTrail):
        an_event(detail={"note": number})
    with pytest.raises(PlaintextInTrail):
        an_event(detail={"which": {"by reason": ["b52b1f0a-6f4e-4d5f-9c0e-3a4f0c1d2e3f", number]}})

    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("number", [447700900123, 7700900123, 20251231, 10**7, -7700900123])
def test_a_number_written_as_an_integer_is_not_written_and_counts_are(number):
    with pytest.raises(PlaintextInTrail):
        an_event(detail={"n": number})

    assert an_event(detail={"n": 120_000, "is_done": True}).detail == {"n": 120_000, "is_done": True}


def test_dates_uuids_and_counts_are_what_the_detail_is_for():
    event = an_event(
        detail={"due": NOW.isoformat(), "dial": str(SOMEBODY), "rows": 9_999_999, "all": f"{10**9:,}"}
    )

    assert event.detail["rows"] == 9_999_999


def test_a_fraction_is_not_written():
    with pytest.raises(ValueError, match="whole"):
        an_event(detail={"share": [0.5]})


def test_every_event_of_a_request_carries_its_origin():
    token = trail.origin.set(Origin(session_h="abc", request_id="one"))
    try:
        event = an_event()
    finally:
        trail.origin.reset(token)

    assert (event.session_h, event.request_id) == ("abc", "one")


def test_a_respondent_is_named_by_the_reference_that_an_erasure_cuts_and_never_by_their_id():
    with pytest.raises(ValueError, match="audit_ref"):
        an_event(object_type="respondent", object_id=SOMEBODY)
