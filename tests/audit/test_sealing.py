"""Sealing: everything that is settled and rested, once, in stretches that chain."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from audit import sealing
from audit.models import AuditEvent, Canary, Review, Seal
from casework import trail_upkeep
from tests.audit.making import (
    LATER,
    NOW,
    SOMEBODY,
    as_the_owner,
    delete,
    found,
    mac,
    report,
    seal,
    seals,
    write,
    write_many,
)

pytestmark = pytest.mark.django_db


def test_a_seal_says_from_where_to_where_how_many_and_when():
    first, *_, last = write(5)
    assert seal() == 5
    [one] = seals()
    assert (one.number, one.lo, one.hi, one.n, one.at) == (1, 1, last.pk, 5, LATER)
    assert one.gaps == ([[1, first.pk - 1]] if first.pk > 1 else [])


def test_a_second_pass_seals_only_what_is_new_and_chains_it_to_the_first():
    write(3)
    seal()
    write(2, at=LATER)
    assert seal(now=LATER + timedelta(minutes=2)) == 2
    first, second = seals()
    said, proof = sealing.sealed(first)
    assert (second.number, second.lo) == (2, first.hi + 1)
    assert bytes(second.prev_hash) == said.hash(proof)


def test_a_pass_without_anything_new_makes_no_seal():
    write(3)
    seal()
    assert seal() == 0
    assert Seal.objects.count() == 1


def test_a_seal_leaves_no_event_for_it_would_want_a_seal_of_its_own():
    write(3)
    seal()
    assert AuditEvent.objects.count() == 3


def test_an_event_rests_for_half_a_minute_before_it_is_sealed():
    write(1)
    assert seal(now=NOW + timedelta(seconds=29)) == 0
    assert seal(now=NOW + timedelta(seconds=30)) == 1


def test_nothing_behind_a_fresh_event_is_sealed_before_it():
    write(1, at=LATER)
    write(1, at=NOW)
    assert seal(now=LATER) == 0


def test_an_event_dated_far_ahead_by_a_wrong_clock_does_not_stop_the_sealing():
    write(1, at=NOW + timedelta(days=365))
    write(1)
    assert seal() == 2


def test_many_events_are_sealed_a_thousand_at_a_time():
    write_many(2500)
    assert seal() == 2500
    assert [one.n for one in seals()] == [1000, 1000, 500]
    assert found() == []


def test_a_pass_ends_between_two_seals_when_its_time_is_over():
    write_many(2500)
    left = iter([True, False])
    assert sealing.seal(mac=mac, now=LATER, keep=lambda: next(left)) == 1000


def test_an_id_that_was_never_used_is_a_gap_of_the_seal_and_no_alarm():
    events = write(5)
    delete(events[2].pk)
    seal()
    assert [events[2].pk] * 2 in seals()[0].gaps
    assert found() == []


@pytest.mark.parametrize("statement", ["UPDATE audit_seal SET n = 1", "DELETE FROM audit_seal"])
def test_no_seal_can_be_changed_or_deleted(statement):
    write(1)
    seal()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["audit_auditevent", "audit_seal", "audit_review", "audit_canary"])
def test_no_row_can_be_replaced_by_writing_it_once_more(table):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has INSERT OR REPLACE")
    write(1)
    seal()
    Review.objects.create(week=NOW.date(), by=SOMEBODY, at=NOW, up_to=1)
    Canary.objects.create(audit_ref=SOMEBODY, by=SOMEBODY, at=NOW)
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
    ):
        cursor.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_with_the_vault_locked_nothing_is_sealed_and_it_catches_up_later(vault_locked):
    from vault.providers import file

    write(3)
    vault_locked()
    assert trail_upkeep.run(LATER) == {"touched": 0}
    assert Seal.objects.count() == 0
    file.unlock()
    assert trail_upkeep.run(LATER)["sealed"] == 3


def test_seals_are_keyed_with_the_audit_key_of_the_vault():
    write(3)
    trail_upkeep.run(LATER)
    assert found(by=trail_upkeep.audit_mac(), now=LATER) == []
    assert found(by=mac)[0] == "seal_forged"


def test_an_unharmed_trail_of_ten_thousand_events_verifies():
    write_many(10_000)
    seal()
    told = report()
    assert told.is_well
    assert (told.seals, told.events, told.tail) == (10, 10_000, 0)


def test_the_tail_that_waits_for_a_seal_is_counted_and_told_when_it_has_waited_too_long():
    write(3)
    seal()
    write(2, at=LATER)
    assert (report().tail, report().tail_since) == (2, LATER)
    assert found(now=LATER + timedelta(minutes=59)) == []
    assert found(now=LATER + timedelta(minutes=61)) == ["tail_old"]


def test_without_the_key_the_chain_is_checked_and_the_report_says_that_it_is_not_all():
    events = write(3)
    seal()
    assert found(by=None) == ["key_away"]
    with as_the_owner():
        AuditEvent.objects.filter(pk=events[0].pk).update(reason="other")
    assert found(by=None) == ["key_away", "event_changed"]


def test_verifying_takes_as_many_queries_for_many_seals_as_for_one(django_assert_num_queries):
    write(2)
    seal()
    for n in range(1, 6):
        write(2, at=NOW + timedelta(minutes=5 * n))
        seal(now=NOW + timedelta(minutes=5 * n + 2))
    with django_assert_num_queries(4):
        assert report().is_well
