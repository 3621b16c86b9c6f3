"""The traps of the task queue that need no process to show; each is shown first, where it can be."""

import io
import pickle
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as as_set
from django.core.signing import b64_decode
from django_q.conf import Conf
from django_q.models import Failure, OrmQ, Schedule, Task
from django_q.scheduler import scheduler
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from config import marks, queue_secret, queue_settings, queues
from config.background import (
    BEAT_TASK,
    EVERY_MINUTES,
    TICK_TASK,
    ask_for_a_tick,
    assert_schedules,
    beat,
    task_of,
)
from config.marks import Mark
from config.queue_checks import (
    cluster_has_the_name_of_the_schedules,
    connections_are_kept_and_not_pooled,
    least_retry_seconds,
)
from kernel import clock
from kernel.budgets import WORK_SECONDS
from tests import factories
from tests.config.draining import drain, queued

ROOT = Path(__file__).resolve().parents[2]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SETTINGS = {
    "sqlite": queue_settings.cluster(is_sqlite=True),
    "postgresql": queue_settings.cluster(is_sqlite=False),
    "postgresql and redis": queue_settings.cluster(is_sqlite=False, broker="redis://127.0.0.1:6379/0"),
}
each_setting = pytest.mark.parametrize("queue", SETTINGS.values(), ids=SETTINGS.keys())


@pytest.fixture(autouse=True)
def connections_stay_open(monkeypatch):
    """The queue closes connections that are inside a transaction; a test is inside one, a worker never."""
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)


def due(name: str, ago: timedelta) -> None:
    Schedule.objects.filter(name=name).update(next_run=clock.wall() - ago)


# --- The settings, for each of the three places ----------------------------------------------------------------------


@each_setting
@pytest.mark.parametrize("workers", [0, 1, 2, 8])
def test_no_task_that_merely_waits_is_given_out_twice(queue, workers):
    chosen = {**queue, "workers": workers or queue["workers"]}

    assert workers == 1 or chosen["retry"] > least_retry_seconds(chosen)


@each_setting
def test_every_job_ends_by_itself_long_before_it_would_be_ended(queue):
    assert 2 * WORK_SECONDS < queue["timeout"] < queue["retry"]


@each_setting
def test_what_failed_is_not_tried_again_and_what_went_well_leaves_no_row(queue):
    assert (queue["ack_failures"], queue["max_attempts"], queue["save_limit"]) == (True, 1, -1)


@each_setting
def test_nothing_is_made_up_for_and_no_clock_change_is_seen(queue):
    assert (queue["catch_up"], queue["time_zone"]) == (False, "UTC")


def test_the_settings_differ_only_in_where_the_queue_is_and_how_many_work():
    places = {"orm", "redis", "workers", "queue_limit"}

    assert {
        name: {key: value for key, value in queue.items() if key in places}
        for name, queue in SETTINGS.items()
    } == {
        "sqlite": {"orm": "default", "workers": 2, "queue_limit": 2},
        "postgresql": {"orm": "default", "workers": 4, "queue_limit": 4},
        "postgresql and redis": {
            "redis": "redis://127.0.0.1:6379/0?socket_connect_timeout=5&socket_timeout=10&health_check_interval=30",
            "workers": 4,
            "queue_limit": 2,
        },
    }


def test_an_address_of_redis_keeps_the_limits_it_names():
    address = queue_settings.with_patience("rediss://:pass@cache.example.org:6380/1?socket_timeout=2")

    assert "socket_timeout=2" in address
    assert "socket_timeout=10" not in address


def test_what_clusters_say_of_themselves_is_kept_where_every_process_can_read_it():
    backend = as_set.CACHES[as_set.Q_CLUSTER["cache"]]["BACKEND"]

    assert backend == "django.core.cache.backends.db.DatabaseCache"


def test_connections_are_kept_for_ten_minutes_and_are_no_pool():
    kept = {alias: one["CONN_MAX_AGE"] for alias, one in as_set.DATABASES.items()}

    assert kept == {"default": 600, "vault": 600}
    assert connections_are_kept_and_not_pooled(None) == []


def test_a_pool_of_connections_and_none_that_are_kept_fail_the_check(monkeypatch):
    monkeypatch.setitem(as_set.DATABASES["default"]["OPTIONS"], "pool", True)
    monkeypatch.setitem(as_set.DATABASES["vault"], "CONN_MAX_AGE", 0)

    assert [one.id for one in connections_are_kept_and_not_pooled(None)] == ["config.E103", "config.W103"]


def test_another_name_of_the_cluster_fails_the_check_and_is_no_crash(monkeypatch):
    monkeypatch.setenv("Q_CLUSTER_NAME", "other")

    checked = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 1
    assert "config.E104" in checked.stderr
    assert [one.id for one in cluster_has_the_name_of_the_schedules(None)] == ["config.E104"]


# --- Schedules -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_poisoned_schedule_stops_all_the_others_and_the_next_beat_brings_them_back():
    assert_schedules()
    Schedule.objects.create(func="other.thing", args="datetime.datetime(2026, 3, 2)")
    Schedule.objects.update(next_run=clock.wall() - HOUR)
    with time_machine.travel(clock.wall() - HOUR):
        marks.leave(Mark.TICK)
    scheduler()
    assert queued() == [], "the trap is not shown"

    beat()
    scheduler()

    assert set(queued()) == {task_of(name) for name in EVERY_MINUTES}


@pytest.mark.django_db
def test_after_three_hours_away_each_schedule_runs_once():
    assert_schedules()
    Schedule.objects.update(next_run=clock.wall() - 3 * HOUR)

    scheduler()
    scheduler()

    assert sorted(queued()) == sorted(task_of(name) for name in EVERY_MINUTES)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "eve", [datetime(2026, 3, 28, 23, 59, 30, tzinfo=UTC), datetime(2026, 10, 24, 23, 59, 30, tzinfo=UTC)]
)
def test_no_clock_change_moves_a_schedule_or_runs_it_twice(eve):
    """The nights on which Europe changes its clocks: a schedule by a local hour drifts then, or comes twice."""
    assert_schedules()
    assert set(Schedule.objects.values_list("schedule_type", flat=True)) == {Schedule.MINUTES}
    hourly = Schedule.objects.get(name="upkeep")

    moments = [eve]
    for _hour in range(6):
        moments.append(hourly.calculate_next_run(moments[-1]))

    assert [after - before for before, after in zip(moments, moments[1:], strict=False)] == [HOUR] * 6


@pytest.mark.django_db
def test_a_schedule_has_no_arguments_and_no_name_of_a_cluster():
    assert_schedules()

    assert set(Schedule.objects.values_list("args", "kwargs", "hook", "cluster", "cron")) == {
        (None, None, None, None, None)
    }


@pytest.mark.django_db
def test_every_job_can_be_found_by_the_path_in_its_schedule():
    import pydoc

    assert all(callable(pydoc.locate(task_of(name))) for name in EVERY_MINUTES)


# --- Tasks -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_task_that_fails_is_written_down_once_and_does_not_come_again():
    async_task("math.sqrt", "not a number")

    drain()

    assert OrmQ.objects.count() == 0
    assert Failure.objects.get().attempt_count == 1


@pytest.mark.django_db
def test_a_task_that_went_well_leaves_its_mark_and_no_row():
    async_task(BEAT_TASK)

    drain()

    assert (OrmQ.objects.count(), Task.objects.count()) == (0, 0)
    assert marks.last_run(Mark.BEAT) is not None


@pytest.mark.django_db
def test_a_task_that_a_killed_worker_had_taken_is_given_out_again_and_not_before_its_time():
    async_task(BEAT_TASK)
    OrmQ.objects.update(lock=clock.wall() + timedelta(seconds=as_set.Q_CLUSTER["retry"]))
    drain()
    assert marks.last_run(Mark.BEAT) is None

    with time_machine.travel(clock.wall() + timedelta(seconds=as_set.Q_CLUSTER["retry"] + 1)):
        drain()

    assert marks.last_run(Mark.BEAT) is not None


@pytest.mark.django_db
def test_what_we_queue_names_no_class_that_could_be_renamed():
    assert_schedules()
    Schedule.objects.update(next_run=clock.wall() - HOUR)
    scheduler()
    ask_for_a_tick()

    rows = [row.payload.split(":", 1)[0] for row in OrmQ.objects.all()]
    named = {name for row in rows for name in classes_in(b64_decode(row.encode()))}

    assert len(rows) == len(EVERY_MINUTES) + 1
    assert named <= {("datetime", "datetime"), ("datetime", "timezone"), ("datetime", "timedelta")}


def classes_in(pickled: bytes) -> set[tuple[str, str]]:
    """Module and name of everything that reading this pickle imports."""
    found = set()

    class Looking(pickle.Unpickler):
        def find_class(self, module, name):
            found.add((module, name))
            return super().find_class(module, name)

    Looking(io.BytesIO(pickled)).load()
    return found


def test_a_class_in_a_pickle_is_found():
    assert classes_in(pickle.dumps(Gone())) == {("tests.config.test_queue_traps", "Gone")}


class Gone:
    """Stands for a class that the next release has no more."""


@pytest.mark.django_db
def test_a_row_with_a_renamed_class_keeps_nothing_else_waiting_and_goes_after_a_day(monkeypatch):
    with time_machine.travel(clock.wall() - DAY - HOUR):
        async_task("somebody.elses", Gone())
    monkeypatch.delattr("tests.config.test_queue_traps.Gone")
    with pytest.raises(AttributeError):
        # As the pusher does; it ends there, and the next one that is started takes the rows behind it.
        drain()
    async_task(TICK_TASK)

    ask_for_a_tick()
    drain()

    assert OrmQ.objects.count() == 0
    assert marks.last_run(Mark.TICK) is not None


@pytest.mark.django_db
@pytest.mark.parametrize("payload", ["", "no signature", "a:b:c", "e30:!!:AAAA"])
def test_a_row_that_is_no_task_at_all_goes_at_the_next_start(payload):
    OrmQ.objects.create(key="panel", payload=payload, lock=clock.wall())

    assert queues.InTheDatabase().forget_what_is_too_old() == 1


@pytest.mark.django_db
def test_a_task_of_this_hour_is_not_forgotten():
    async_task(TICK_TASK)

    assert queues.InTheDatabase().forget_what_is_too_old() == 0
    assert queues.signed_at(OrmQ.objects.get().payload) <= clock.wall()


# --- Secrets ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def secrets_again():
    yield
    queue_secret.sign_with_it()


@pytest.mark.django_db
def test_what_is_queued_outlives_a_change_of_the_secret_key(settings, secrets_again):
    settings.Q_SECRET = "q" * 60
    queue_secret.sign_with_it()
    async_task(TICK_TASK)

    settings.SECRET_KEY = "another one, since the old one was seen by somebody"
    queue_secret.sign_with_it()
    drain()

    assert marks.last_run(Mark.TICK) is not None


@pytest.mark.django_db
def test_a_change_of_the_queues_own_secret_loses_ticks_only_and_the_next_does_the_work(
    settings, secrets_again, team, study
):
    person = factories.make_respondent(study=study, team=team, now=clock.now() - timedelta(days=25))
    assert_schedules()
    async_task(TICK_TASK)

    settings.Q_SECRET = "r" * 60
    queue_secret.sign_with_it()
    drain()
    assert person.follow_ups.get().issued_at is None, "the trap is not shown"
    due("tick", HOUR)
    scheduler()
    drain()

    assert person.follow_ups.get().issued_at is not None
    assert OrmQ.objects.count() == 0


def test_the_queue_reads_its_secret_each_time_and_not_once():
    before = Conf.SECRET_KEY
    Conf.SECRET_KEY = "another"
    try:
        package = SignedPackage.dumps({"func": "x"})
    finally:
        Conf.SECRET_KEY = before

    from django_q.signing import BadSignature

    with pytest.raises(BadSignature):
        SignedPackage.loads(package)
