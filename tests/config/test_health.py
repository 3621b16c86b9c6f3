"""The two pages for machines."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django_q.models import Task
from django_q.tasks import async_task

from config.background import BEAT_TASK, beat, tick
from kernel import clock
from tests.config import away


def test_the_process_is_up_without_asking_a_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.fixture
def worked(db):
    """A worker that has just beaten, and brought one tick through."""
    beat()
    tick()


@pytest.mark.django_db
def test_it_is_ready_when_the_worker_beats_and_everything_is_in_place(client, worked):
    response = client.get("/readyz")

    assert response.status_code == 200, response.content.decode()
    assert "ok   migrations vault: applied" in response.content.decode()


@pytest.mark.django_db
def test_it_is_not_ready_before_a_worker_ever_ran(client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert "FAIL worker: has not run yet" in response.content.decode()


@pytest.mark.django_db
def test_it_is_not_ready_when_the_worker_fell_silent(client, worked):
    with time_machine.travel(clock.wall() + timedelta(minutes=10)):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert "FAIL worker: last beat 60" in response.content.decode()


@pytest.mark.django_db
def test_it_is_not_ready_when_the_worker_beats_but_no_tick_comes_through(client):
    tick()
    with time_machine.travel(clock.wall() + timedelta(minutes=10)):
        beat()

        response = client.get("/readyz")

    assert response.status_code == 503
    assert "ok   worker: last beat 0 s ago" in response.content.decode()
    assert "FAIL tick: last one through 60" in response.content.decode()


@pytest.mark.django_db
def test_what_waits_and_what_failed_in_the_last_hour_is_told_without_saying_what_it_was(client, worked):
    async_task(BEAT_TASK)
    for minutes in (5, 50, 70):
        at = clock.wall() - timedelta(minutes=minutes)
        Task.objects.create(
            id=f"{minutes:032}",
            name="planted",
            func="f",
            started=at,
            stopped=at,
            success=False,
            result="secret",
        )

    text = client.get("/readyz").content.decode()

    assert "ok   queue: 1 tasks waiting or being done" in text
    assert "ok   failures: 2 tasks in the last hour" in text
    assert "secret" not in text
    assert "planted" not in text


@pytest.mark.django_db
def test_it_is_not_ready_without_the_table_of_the_cache(client, worked):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE shared_cache RENAME TO moved_away")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert "FAIL cache: its table is missing; run manage.py createcachetable" in response.content.decode()


@pytest.mark.django_db
def test_it_is_not_ready_while_a_migration_waits(client, worked):
    MigrationRecorder.Migration.objects.filter(app="django_q").order_by("-id")[0].delete()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert "FAIL migrations default: 1 not applied" in response.content.decode()


@pytest.mark.django_db
def test_it_is_not_ready_without_the_vault_keys_and_says_what_still_works(client, settings, tmp_path, worked):
    settings.VAULT_KEY_FILE = str(tmp_path / "missing.json")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert "stopping and withdrawing still work" in response.content.decode()
    assert str(tmp_path) not in response.content.decode()


def test_it_is_not_ready_when_a_database_is_away_and_does_not_say_where_that_is():
    ask = "from django.test import Client; r = Client().get('/readyz'); print(r.status_code, r.content.decode())"

    asked = away.run(ask)

    assert asked.stdout.startswith("503 FAIL database default: does not answer")
    assert "keeper" not in asked.stdout
    assert "127.0.0.1" not in asked.stdout
