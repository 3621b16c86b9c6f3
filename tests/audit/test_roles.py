"""On PostgreSQL the application signs in with a role that owns nothing: the trail grows under it and never changes."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, ProgrammingError, connection, transaction

from audit import guards, settling
from audit.models import AuditEvent, Canary, Review
from tests.audit.making import ABOUT, NOW, SOMEBODY, found, seal, write

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ROLE = "recontact_test_app"


@pytest.fixture
def as_the_application():
    """The rest of the test as a role with the rights of `least_rights` and no other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("the role of the tests may make no roles")
        cursor.execute(f"CREATE ROLE {ROLE} NOLOGIN")
        for statement in guards.least_rights(ROLE, connection.introspection.table_names()):
            cursor.execute(statement)
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_it_can_do_all_that_the_trail_needs(as_the_application):
    write(3)
    assert settling.settled_up_to() is not None
    assert seal() == 3
    assert found() == []
    Review.objects.create(week=NOW.date(), by=SOMEBODY, at=NOW, up_to=3)
    Canary.objects.create(audit_ref=ABOUT, by=SOMEBODY, at=NOW)
    assert AuditEvent.objects.about(ABOUT).count() == 3


@pytest.mark.parametrize("table", guards.GUARDED)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET at = at",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} DISABLE TRIGGER {table}_no_change",
        "DROP TRIGGER {table}_no_change ON {table}",
        "DROP TABLE {table}",
        "ALTER TABLE {table} OWNER TO CURRENT_USER",
        "CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NEW; END $$",
        "SET session_replication_role = replica",
        "SELECT setval(pg_get_serial_sequence('audit_auditevent', 'id'), 1)",
    ],
)
def test_it_can_neither_change_the_trail_nor_give_itself_the_right_to(as_the_application, table, statement):
    write(1)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table))


@pytest.mark.parametrize("table", guards.GUARDED)
def test_what_it_grants_itself_it_does_not_get(as_the_application, table):
    with connection.cursor() as cursor:
        # PostgreSQL only warns: no privileges were granted.
        cursor.execute(f"GRANT UPDATE, DELETE, TRUNCATE ON {table} TO CURRENT_USER")
        cursor.execute("SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE')", [table])
        assert cursor.fetchone() == (False,)


def test_a_right_that_somebody_granted_by_mistake_still_meets_the_triggers(as_the_application):
    write(1)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"GRANT UPDATE, DELETE, TRUNCATE ON audit_auditevent TO {ROLE}")
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    for statement in ("UPDATE audit_auditevent SET reason = 'x'", "TRUNCATE audit_auditevent"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def test_the_grants_are_printed_for_the_owner_to_run(capsys):
    call_command("audit_grants", "recontact_app")
    said = capsys.readouterr().out.splitlines()
    assert 'GRANT SELECT, INSERT ON public."audit_auditevent" TO "recontact_app";' in said
    assert 'GRANT SELECT, INSERT, UPDATE, DELETE ON public."tracker_respondent" TO "recontact_app";' in said
    assert all(line.endswith(";") for line in said)


@pytest.mark.parametrize("role", ['a"; DROP TABLE x; --', "", "A", "public x"])
def test_what_is_no_name_of_a_role_is_refused(role):
    with pytest.raises(CommandError):
        call_command("audit_grants", role)
