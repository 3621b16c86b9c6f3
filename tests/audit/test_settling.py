"""PostgreSQL draws ids early and commits them late: what is still on its way is waited for."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from audit.models import AuditEvent
from audit.settling import settled_up_to
from tests.audit.making import LATER, NOW, found, seal, seals, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

LIMIT_SECONDS = 30


class Writer:
    """A transaction in a thread of its own, which writes one event when told and ends when told."""

    def __init__(self, *, gets_its_transaction_id_first=False):
        self.early = gets_its_transaction_id_first
        self.begun, self.write, self.written, self.end = (threading.Event() for _ in range(4))
        self.commits = True
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        assert self.begun.wait(LIMIT_SECONDS)
        return self

    def __exit__(self, *_error):
        self.write.set()
        self.finish()

    def writes(self):
        self.write.set()
        assert self.written.wait(LIMIT_SECONDS)

    def finish(self, *, commits=True):
        self.commits = commits
        self.end.set()
        self.thread.join(LIMIT_SECONDS)

    def _run(self):
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_current_xact_id()" if self.early else "SELECT 1")
                self.begun.set()
                self.write.wait(LIMIT_SECONDS)
                write(1)
                self.written.set()
                self.end.wait(LIMIT_SECONDS)
                if not self.commits:
                    transaction.set_rollback(True)
        finally:
            connections.close_all()


def test_nothing_is_sealed_over_a_transaction_that_still_writes():
    with Writer() as slow:
        slow.writes()
        write(2)
        assert settled_up_to(patience=0.2) is None
        slow.finish()
    assert seal() == 3
    assert found() == []
    assert [len(one.gaps) for one in seals()] == [int(AuditEvent.objects.last().pk > 1)]


def test_an_id_whose_transaction_was_given_up_becomes_a_gap():
    with Writer() as slow:
        slow.writes()
        write(2)
        slow.finish(commits=False)
    assert seal() == 2
    lost = AuditEvent.objects.last().pk - 1
    assert seals()[0].gaps[-1][1] == lost
    assert found() == []


def all_that_shows_is_older_than_whatever_is_open(patience=20):
    """As transaction ids tell it. Whoever is at work in another database of the server counts too: wait for them."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT bool_and(xmin::text::bigint < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)"
                " FROM audit_auditevent"
            )
            if cursor.fetchone() == (True,):
                return True
        time.sleep(0.05)
    return False


def test_a_row_that_is_older_by_its_transaction_and_younger_by_its_id_does_not_hide_one_still_open():
    # The later row has the smaller transaction id, so every transaction before its own is over; the row before is not.
    with Writer(gets_its_transaction_id_first=True) as early, Writer() as late:
        late.writes()
        early.writes()
        early.finish()
        assert all_that_shows_is_older_than_whatever_is_open()
        assert settled_up_to(patience=0.2) is None
        late.finish()
    assert seal() == 2
    assert found() == []


def test_a_writer_that_begins_after_the_look_is_not_waited_for():
    write(2)
    with Writer() as next_one:
        assert settled_up_to(patience=0.2) == AuditEvent.objects.first().pk
        next_one.writes()


def test_somebody_who_only_reads_is_not_waited_for():
    write(2)
    with Writer() as reader:
        with transaction.atomic():
            assert AuditEvent.objects.count() == 2
        assert settled_up_to(patience=0.2) is not None
        assert not reader.written.is_set()


def test_a_row_written_late_into_a_sealed_stretch_by_other_means_is_an_alarm():
    write(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('audit_auditevent', 'id'))")
        drawn = cursor.fetchone()[0]
    write(1)
    seal()
    AuditEvent(pk=drawn, at=NOW, action="followups.claimed", outcome="done").save(force_insert=True)
    assert found() == ["event_late"]


def test_two_sealers_at_once_make_one_chain():
    write(5)
    barrier = threading.Barrier(2, timeout=LIMIT_SECONDS)
    made = []

    def work():
        try:
            barrier.wait()
            made.append(seal())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT_SECONDS)
    assert sum(made) == 5
    assert found() == []


def test_an_open_transaction_is_sealed_past_as_soon_as_it_is_over():
    write(1)
    with Writer() as slow:
        slow.writes()
        ending = threading.Timer(0.3, slow.end.set)
        ending.start()
        assert settled_up_to(patience=10) is not None
    assert seal(now=LATER + timedelta(minutes=1)) == 2
