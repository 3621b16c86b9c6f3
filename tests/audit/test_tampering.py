"""Attacks of somebody who owns the database: triggers off, rights back, every row theirs to change. No audit key."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from audit import anchors, trail
from audit.actions import Action
from audit.canonical import FIRST, Root
from audit.models import AuditEvent, Seal
from audit.sealing import rows
from tests.audit.making import (
    LATER,
    NOW,
    SOMEBODY_ELSE,
    another_mac,
    as_the_owner,
    change,
    delete,
    found,
    report,
    seal,
    seals,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def events():
    """Nine events under three seals."""
    made = []
    for n in range(3):
        begins = NOW + timedelta(minutes=10 * n)
        made += write(3, at=begins)
        seal(now=begins + timedelta(minutes=2))
    return made


@pytest.fixture
def anchor(events):
    return anchors.latest()


def test_an_unharmed_trail_is_well(events, anchor):
    assert found(anchors=[anchor]) == []


@pytest.mark.parametrize(
    "columns",
    [
        {"at": NOW + timedelta(microseconds=1)},
        {"actor_id": SOMEBODY_ELSE},
        {"actor_id": None},
        {"session_h": "x"},
        {"action": Action.DIAL_ORDERED.value},
        {"object_type": "dial"},
        {"object_id": None},
        {"audit_ref": None},
        {"audit_ref": UUID(int=7)},
        {"reason": ""},
        {"outcome": "refused"},
        {"request_id": "x"},
        {"detail": {}},
        {"detail": {"round": 0, "which": ["a", "b"]}},
        {"detail": {"round": True, "which": ["b", "a"]}},
    ],
)
def test_a_change_of_any_column_of_an_event_is_found(events, columns):
    change(events[3], **columns)
    assert found() == ["event_changed"]
    assert str(report().findings[0]) == (
        "Under seal 2, at least one event was changed, or events were exchanged."
    )


def test_a_deleted_event_is_found_and_named(events):
    delete(events[4].pk)
    assert found() == ["event_missing"]
    assert str(report().findings[0]) == (
        f"Under seal 2, event {events[4].pk} is missing: it was deleted after it was sealed."
    )


def test_two_events_that_exchanged_their_ids_are_found(events):
    one, other = events[0].pk, events[1].pk
    with as_the_owner():
        for was, becomes in [(one, 99_999), (other, one), (99_999, other)]:
            AuditEvent.objects.filter(pk=was).update(id=becomes)
    assert found() == ["event_changed"]


def test_an_event_moved_from_one_seal_to_another_is_found(events):
    delete(events[2].pk)
    first = events[2]
    first.pk = events[8].pk + 1
    first.save(force_insert=True)
    assert found(now=LATER) == ["event_missing"]


def test_an_event_put_into_a_gap_of_a_sealed_stretch_is_found():
    made = write(5)
    delete(made[2].pk)
    seal()
    write(1)
    late = AuditEvent.objects.first()
    with as_the_owner():
        AuditEvent.objects.filter(pk=late.pk).update(id=made[2].pk)
    assert found() == ["event_late"]
    assert str(report().findings[0]) == (
        f"Event {made[2].pk} stands where seal 1 found none: it was put in, or written, after the sealing."
    )


def test_an_event_with_an_id_before_the_first_is_found(events):
    AuditEvent(pk=-5, at=NOW, action=Action.CLAIMED, outcome="done").save(force_insert=True)
    assert found() == ["event_late"]


def test_deleting_the_end_of_the_trail_with_its_seals_is_found_by_an_anchor_and_only_by_one(events, anchor):
    with as_the_owner():
        AuditEvent.objects.filter(pk__gt=events[5].pk).delete()
        Seal.objects.filter(number=3).delete()
    assert found() == []
    assert found(anchors=[anchor]) == ["cut_off"]
    assert found(anchors=[anchors.read(anchor.words)]) == ["cut_off"]
    assert str(report(anchors=[anchor]).findings[0]).startswith(
        "The anchor knows a seal that is not here; the last one here is seal 2"
    )


def test_deleting_the_end_of_the_trail_without_its_seals_is_found_without_an_anchor(events):
    delete(*[event.pk for event in events[7:]])
    assert found() == ["event_missing"]


def test_emptying_the_events_is_found(events):
    delete(*[event.pk for event in events])
    assert found()[0] == "event_missing"


def test_emptying_everything_is_told_and_is_an_alarm_with_an_anchor(events, anchor):
    with as_the_owner():
        AuditEvent.objects.all().delete()
        Seal.objects.all().delete()
    assert found() == ["nothing_sealed"]
    assert not report().is_tampered
    assert found(anchors=[anchor]) == ["nothing_sealed", "cut_off"]
    assert report(anchors=[anchor]).is_tampered


@pytest.mark.postgres
def test_truncating_the_events_by_their_owner_is_found(events):
    with as_the_owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_auditevent")
    assert found()[0] == "event_missing"


def test_putting_back_an_older_copy_of_the_events_is_found(events):
    copy = list(AuditEvent.objects.filter(pk__lte=events[4].pk))
    with as_the_owner():
        AuditEvent.objects.all().delete()
        AuditEvent.objects.bulk_create(copy)
    assert found()[0] == "event_missing"


def test_putting_back_an_older_copy_of_events_and_seals_and_going_on_is_found_by_an_anchor(events, anchor):
    with as_the_owner():
        AuditEvent.objects.filter(pk__gt=events[5].pk).delete()
        Seal.objects.filter(number=3).delete()
    write(3, at=NOW + timedelta(hours=1))
    seal(now=NOW + timedelta(hours=2))
    assert found(now=NOW + timedelta(hours=2)) == []
    assert found(anchors=[anchor], now=NOW + timedelta(hours=2)) == ["rewritten"]


def test_a_chain_worked_out_anew_without_the_audit_key_is_found(events):
    with as_the_owner():
        AuditEvent.objects.filter(pk=events[0].pk).update(reason="nothing happened")
        Seal.objects.all().delete()
    seal(by=another_mac, now=NOW + timedelta(hours=1))
    assert found() == ["seal_forged"]
    assert str(report().findings[0]) == "Seal 1 was not made with the audit key: it was changed or forged."


def test_without_the_key_such_a_chain_is_not_found_and_the_report_says_so(events, anchor):
    with as_the_owner():
        Seal.objects.all().delete()
    seal(by=another_mac, now=NOW + timedelta(hours=1))
    assert found(by=None) == ["key_away"]
    assert found(by=None, anchors=[anchor]) == ["key_away", "cut_off"]


def test_a_seal_played_once_more_under_the_next_number_is_found(events):
    first = seals()[0]
    first.number = 4
    first.save(force_insert=True)
    assert set(found()) >= {"chain_broken", "seal_forged"}


def test_a_seal_fitted_to_changed_events_is_found(events):
    change(events[0], reason="other")
    root = Root(1)
    for row in rows(pk__lte=seals()[0].hi):
        root.take(row)
    with as_the_owner():
        Seal.objects.filter(number=1).update(root=root.close(seals()[0].hi))
    assert found() == ["seal_forged", "chain_broken"]


@pytest.mark.parametrize(
    "columns",
    [
        {"lo": 0},
        {"hi": 10**6},
        {"n": 4},
        {"gaps": [[10, 20]]},
        {"root": bytes(32)},
        {"prev_hash": bytes(range(32))},
        {"at": NOW + timedelta(days=1)},
        {"mac": bytes(32)},
    ],
)
def test_a_change_of_any_column_of_a_seal_is_found(events, columns):
    with as_the_owner():
        Seal.objects.filter(number=2).update(**columns)
    assert "seal_forged" in found()
    assert report().is_tampered


def test_a_seal_taken_out_of_the_middle_is_found_and_named(events):
    with as_the_owner():
        Seal.objects.filter(number=2).delete()
    assert found()[0] == "seal_missing"
    assert str(report().findings[0]) == "Seal 2 is missing."


def test_the_first_seals_taken_away_are_found(events):
    with as_the_owner():
        Seal.objects.filter(number__lt=3).delete()
        Seal.objects.filter(number=3).update(number=1, prev_hash=FIRST, lo=1)
    assert found()[0] == "seal_forged"


def test_only_the_first_twenty_findings_are_told(events):
    for n in range(3, 30):
        write(1, at=NOW + timedelta(minutes=10 * n))
        seal(now=NOW + timedelta(minutes=10 * n + 2))
    with as_the_owner():
        AuditEvent.objects.update(reason="other")
    assert len(found(now=NOW + timedelta(hours=6))) == 20


@pytest.mark.parametrize(
    ("column", "nonsense", "kind"),
    [
        ("detail", "{", "event_changed"),
        ("at", "yesterday", "unreadable"),
        ("actor_id", "nobody", "unreadable"),
        ("at", "17", "unreadable"),
    ],
)
def test_a_row_that_no_longer_reads_is_an_alarm_and_no_crash(events, column, nonsense, kind):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its types")
    with as_the_owner(), connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute(f"UPDATE audit_auditevent SET {column} = %s WHERE id = %s", [nonsense, events[4].pk])
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert found()[0] == kind
    assert report().is_tampered


def test_a_change_before_the_sealing_is_not_found_and_nothing_here_says_it_is():
    [event] = write(1)
    change(event, reason="other")
    seal()
    assert found() == []


def test_what_was_found_is_told_in_the_trail_and_the_system_goes_on(events):
    from audit.verifying import told

    delete(events[4].pk)
    told(report(), now=LATER)
    alarm = AuditEvent.objects.first()
    assert (alarm.action, alarm.actor_id, alarm.outcome) == ("audit.trail_alarm", None, "done")
    assert alarm.detail == {
        "seals": 3,
        "events": "8",
        "found": "event_missing",
        "seal": 2,
        "event": f"{events[4].pk:,}",
    }
    assert trail.record(Action.CLAIMED, by=None, at=LATER).pk == alarm.pk + 1


def test_an_alarm_about_an_event_with_a_long_id_can_be_told():
    from audit.findings import Finding, Kind
    from audit.verifying import Report, told

    told(Report(1, 123_456_789, 0, None, (Finding(Kind.EVENT_LATE, 1, 234_567_890),)), now=LATER)
    assert AuditEvent.objects.get().detail["event"] == "234,567,890"
