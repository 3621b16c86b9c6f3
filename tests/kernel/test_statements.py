"""Statements made once and sent again: the answers of their querysets, fresh each time; only the text is kept."""

import uuid
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.actions import Action
from audit.models import AuditEvent
from consent.models import LedgerEntry
from followups.models import WaitingCount
from kernel.statements import StandInLost, change, insert, insert_unless_taken, statement
from tests.factories import make_team

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


def test_the_one_row_there_has_to_be_is_given_and_its_absence_is_told_as_by_a_queryset(of_actor):
    insert([event()])

    assert of_actor.get(ONE, NOON).actor_id == ONE
    with pytest.raises(AuditEvent.DoesNotExist):
        of_actor.get(OTHER, NOON)


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


@pytest.mark.parametrize("actors", [[None], [ONE, None], [None, ONE]])
def test_a_list_with_a_none_in_it_is_refused_also_in_a_shape_that_is_known(of_many, actors):
    of_many([ONE, OTHER])

    with pytest.raises(TypeError):
        of_many(actors)


def test_a_change_for_many_takes_values_of_one_shape_only_and_none_for_nobody(world):
    from accounts.models import User

    rename = change(lambda pks, name: (User.objects.filter(pk__in=pks), {"display_name": name}))

    with pytest.raises(TypeError):
        rename.many([([ONE], "First"), ([ONE, OTHER], "Second")])
    rename.many([([], "Nobody")])

    assert not User.objects.filter(display_name__in=["First", "Second", "Nobody"]).exists()


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


@pytest.mark.postgres
def test_the_server_keeps_an_insertion_that_came_often():
    for _time in range(6):
        insert([event()])

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT%auditevent%'"
        )
        assert cursor.fetchone() == (1,)


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


# --- Whatever the values: the same as the ORM's own way ---------------------------------------------------------------

IDS = [uuid.UUID(int=number) for number in range(1, 13)]
ZONES = [UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=8))]
MOMENTS = st.builds(
    lambda after, zone: (NOON + after).astimezone(zone),
    st.timedeltas(timedelta(0), timedelta(days=300)),
    st.sampled_from(ZONES),
)
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
EVENTS = st.builds(
    AuditEvent,
    at=MOMENTS,
    actor_id=st.sampled_from([*IDS, None]),
    action=st.sampled_from(Action),
    object_id=st.sampled_from([*IDS, None]),
    reason=TEXTS | st.sampled_from(["%s", "' OR 1=1 --", "stand-in", "é\u202e😀"]),
    outcome=st.sampled_from(["done", "refused"]),
    detail=st.dictionaries(
        TEXTS, TEXTS | st.integers(0, 9) | st.none() | st.lists(TEXTS, max_size=2), max_size=3
    ),
)
COUNTS = st.builds(
    WaitingCount,
    language=st.sampled_from(["ar", "fr", "so"]),
    reason=TEXTS,
    how_many=st.integers(0, 2**31 - 1),
    counted_at=MOMENTS,
)
COLUMNS = ("at", "actor_id", "session_h", "action", "object_type", "object_id", "reason", "outcome", "detail")


def rows_asked(since, actors, objects, actions, reason):
    found = AuditEvent.objects.filter(at__gte=since).exclude(object_id__in=objects)
    wanted = Q(actor_id__in=actors) | Q(action__in=actions) | Q(reason=reason)
    return found.filter(wanted).order_by("at", "id")


whole = statement(rows_asked)
some = statement(lambda *asked: rows_asked(*asked).values_list("pk", "detail", "actor_id", "at")[1:4])
one_column = statement(lambda *asked: rows_asked(*asked).values_list("at", flat=True))


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@given(
    rows=st.lists(EVENTS, min_size=1, max_size=12),
    since=MOMENTS,
    actors=st.lists(st.sampled_from(IDS), max_size=20),
    objects=st.lists(st.sampled_from(IDS), max_size=9),
    actions=st.lists(st.sampled_from(Action), max_size=5),
    reason=TEXTS,
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_for_whatever_values_a_statement_gives_what_its_queryset_gives(
    db, rows, since, actors, objects, actions, reason
):
    asked = (since, actors, objects, actions, reason)
    with undone():
        insert(rows)
        plain = rows_asked(*asked)

        assert whole(*asked) == list(plain)
        assert [vars_of(row) for row in whole(*asked)] == [vars_of(row) for row in plain]
        assert some(*asked) == list(plain.values_list("pk", "detail", "actor_id", "at")[1:4])
        assert one_column(*asked) == list(plain.values_list("at", flat=True))


def vars_of(row):
    return {name: value for name, value in vars(row).items() if name != "_state"}


def counts_of(teams, languages, before):
    return WaitingCount.objects.filter(team__in=teams, language__in=languages, counted_at__lt=before)


count_anew = change(
    lambda teams, languages, before, many, at: (
        counts_of(teams, languages, before), {"how_many": many, "counted_at": at}
    )
)  # fmt: skip


@given(
    rows=st.lists(COUNTS, min_size=1, max_size=8, unique_by=lambda row: (row.language, row.reason)),
    in_team=st.booleans(),
    languages=st.lists(st.sampled_from(["ar", "fr", "so", "xx"]), max_size=6),
    before=MOMENTS,
    many=st.integers(0, 2**31 - 1),
    at=MOMENTS,
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_for_whatever_values_a_change_changes_what_an_update_changes(
    db, rows, in_team, languages, before, many, at
):
    with undone():
        team = make_team()
        teams = [team.pk] if in_team else [OTHER, OTHER, ONE]
        for row in rows:
            row.team = team
        insert(rows)

        with undone():
            found = counts_of(teams, languages, before).update(how_many=many, counted_at=at)
            wanted = list(WaitingCount.objects.order_by("pk").values())

        assert count_anew(teams, languages, before, many, at) == found
        assert list(WaitingCount.objects.order_by("pk").values()) == wanted


@given(rows=st.lists(EVENTS, min_size=1, max_size=9))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_for_whatever_rows_an_insertion_leaves_what_creating_them_in_bulk_leaves(db, rows):
    with undone():
        AuditEvent.objects.bulk_create([copy(row) for row in rows])
        wanted = list(AuditEvent.objects.order_by("pk").values_list(*COLUMNS))

    with undone():
        insert(rows)

        assert list(AuditEvent.objects.order_by("pk").values_list(*COLUMNS)) == wanted
        assert [row.pk for row in rows] == list(
            AuditEvent.objects.order_by("pk").values_list("pk", flat=True)
        )
        assert not any(row._state.adding for row in rows)
        assert {row._state.db for row in rows} == {"default"}
    # Taken back with its transaction like any other: the next example finds none of them.
    assert not AuditEvent.objects.exists()


def test_a_row_that_stands_against_a_unique_constraint_is_not_written_and_breaks_no_transaction():
    team = make_team()
    counted = {"team": team, "language": "ti", "reason": "on_hold", "counted_at": NOON}

    first = insert_unless_taken(WaitingCount(how_many=1, **counted))
    second = insert_unless_taken(WaitingCount(how_many=2, **counted))

    assert (first, second) == (True, False)
    assert WaitingCount.objects.get().how_many == 1


def test_what_is_constant_in_a_statement_may_hold_a_per_cent_sign_and_comes_back_the_same_however_often():
    of_reason = statement(
        lambda actor: AuditEvent.objects.filter(actor_id=actor, reason="50 %s").values_list("pk", flat=True)
    )
    insert([event(reason="50 %s"), event(reason="50 x")])

    found = [len(of_reason(ONE)) for _time in range(8)]

    assert found == [1] * 8
