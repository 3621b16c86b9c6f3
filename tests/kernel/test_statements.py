"""Statements made once and sent again: the answers of their querysets, fresh each time; only the text is kept."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.actions import Action
from audit.models import AuditEvent
from consent.models import LedgerEntry
from kernel.statements import StandInLost, change, insert, statement

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def event(actor=ONE, at=NOON, **details):
    return AuditEvent(at=at, actor_id=actor, action=Action.CLAIMED, outcome="done", detail={}, **details)


@pytest.fixture
def of_actor():
    return statement(
        lambda actor, since: AuditEvent.objects.filter(actor_id=actor, at__gte=since).order_by("id")
    )


@pytest.fixture
def of_many():
    return statement(
        lambda actors: (
            AuditEvent.objects.filter(actor_id__in=actors).order_by("id").values_list("pk", flat=True)
        )
    )


def test_a_statement_answers_with_the_rows_of_its_queryset(of_actor):
    insert([event(at=NOON - timedelta(days=1)), event(), event(OTHER)])

    [found] = of_actor(ONE, NOON)

    assert found == AuditEvent.objects.get(actor_id=ONE, at=NOON)
    assert (found.actor_id, found.at, found.detail) == (ONE, NOON, {})


def test_a_statement_sent_again_answers_for_its_new_values_and_with_new_rows(of_actor):
    insert([event()])
    assert len(of_actor(ONE, NOON)) == 1
    insert([event(), event(OTHER)])

    assert len(of_actor(ONE, NOON)) == 2
    assert len(of_actor(OTHER, NOON)) == 1
    assert of_actor(ONE, NOON + timedelta(seconds=1)) == []


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 9])
def test_a_list_of_any_length_is_asked_for_as_it_is(of_many, count):
    rows = [event(uuid.uuid4()) for _each in range(10)]
    insert(rows)

    wanted = [row.actor_id for row in rows[:count]]

    assert of_many(wanted) == [row.pk for row in rows[:count]]


def test_a_value_that_never_reaches_the_statement_is_found_out():
    ignores = statement(lambda actor, since: AuditEvent.objects.filter(actor_id=actor))

    with pytest.raises(StandInLost):
        ignores(ONE, NOON)


@pytest.mark.parametrize("value", [None, True, 1.5])
def test_a_value_that_would_change_the_statement_is_refused(of_actor, value):
    with pytest.raises(TypeError):
        of_actor(ONE, value)


def test_a_change_writes_into_the_rows_it_names_and_counts_them(world):
    from accounts.models import User

    rename = change(lambda pk, name: (User.objects.filter(pk=pk), {"display_name": name}))

    assert rename(world.enumerator.pk, "Somebody") == 1
    assert rename(uuid.uuid4(), "Nobody") == 0
    assert User.objects.get(pk=world.enumerator.pk).display_name == "Somebody"
    assert not User.objects.filter(display_name="Nobody").exists()


def test_a_change_for_many_gives_each_its_own_values(world):
    from accounts.models import User

    rename = change(lambda pk, name: (User.objects.filter(pk=pk), {"display_name": name}))

    rename.many([(world.enumerator.pk, "First"), (world.coordinator.pk, "Second")])

    assert User.objects.get(pk=world.enumerator.pk).display_name == "First"
    assert User.objects.get(pk=world.coordinator.pk).display_name == "Second"


def test_inserted_rows_are_there_as_they_were_made_in_their_order_and_in_one_statement():
    rows = [event(), event(OTHER, reason="because")]
    rows[0].detail = {"n": 1}

    with CaptureQueriesContext(connection) as seen:
        insert(rows)

    assert len(seen) == 1
    assert rows[0].pk < rows[1].pk
    assert AuditEvent.objects.get(pk=rows[0].pk).detail == {"n": 1}
    assert AuditEvent.objects.get(pk=rows[1].pk).reason == "because"
    assert not rows[0]._state.adding


def test_an_insertion_that_breaks_a_constraint_is_refused_as_ever():
    line = LedgerEntry(
        respondent_id=ONE, purpose="no purpose", decision="refused", mode="phone", language="en", at=NOON,
        arrived_at=NOON,
    )  # fmt: skip

    with pytest.raises(IntegrityError), transaction.atomic():
        insert([line])

    assert not LedgerEntry.objects.exists()


def test_the_trail_takes_no_change_through_a_statement_either():
    insert([event()])
    alter = change(lambda actor, reason: (AuditEvent.objects.filter(actor_id=actor), {"reason": reason}))

    with pytest.raises(DatabaseError), transaction.atomic():
        alter(ONE, "altered")

    assert AuditEvent.objects.get(actor_id=ONE).reason == ""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_inside_a_transaction_only(of_actor):
    locks = statement(lambda actor: AuditEvent.objects.filter(actor_id=actor).select_for_update())

    with pytest.raises(transaction.TransactionManagementError):
        locks(ONE)


def test_a_number_is_written_and_asked_for_whatever_the_width_of_its_column(world):
    from followups.models import FollowUp

    world.person_ready_at()
    rank = change(lambda pk, priority: (FollowUp.objects.filter(pk=pk), {"priority": priority}))
    of_rank = statement(lambda priority: FollowUp.objects.filter(priority=priority))
    [row] = FollowUp.objects.all()

    assert rank(row.pk, 3) == 1

    assert of_rank(3) == [row]
    assert of_rank(4) == []
