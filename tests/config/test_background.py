"""Schedules, the worker's beat, its pulse, and the arithmetic of the queue."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from config.background import (
    BEAT_TASK,
    TICK_TASK,
    ask_for_a_tick,
    assert_schedules,
    beat,
    tick,
)
from config.marks import Mark, age
from config.queue_checks import (
    least_retry_seconds,
    queue_is_where_the_supervisor_looks,
    retry_outlasts_the_queue,
)
from config.watching import WorkerPulse
from tests.config import away

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EMBEDDED = {"timeout": 60, "retry": 300, "workers": 2, "queue_limit": 2, "bulk": 1}


def test_the_least_retry_counts_every_task_that_may_wait_before_this_one():
    assert least_retry_seconds(EMBEDDED) == 210
    assert least_retry_seconds({"timeout": 60, "workers": 4, "queue_limit": 8, "bulk": 4}) == 270


def test_the_queue_as_it_is_set_passes_the_check():
    assert retry_outlasts_the_queue(None) == []


@pytest.mark.parametrize(
    "change", [{"retry": 210}, {"queue_limit": 20}, {"workers": 1, "retry": 270}, {"timeout": 120}]
)
def test_a_queue_that_would_run_waiting_tasks_twice_fails_the_check(settings, change):
    settings.Q_CLUSTER = {**EMBEDDED, **change}

    assert [message.id for message in retry_outlasts_the_queue(None)] == ["config.E101"]


@pytest.mark.django_db
def test_the_schedules_are_there_once_however_often_it_starts():
    assert_schedules()
    assert_schedules()

    assert sorted(Schedule.objects.values_list("name", "func", "minutes", "args")) == [
        ("beat", "config.background.beat", 1, None),
        ("learning", "config.background.JOBS.learning", 5, None),
        ("retention", "config.background.JOBS.retention", 5, None),
        ("tick", "config.background.tick", 1, None),
        ("trail", "config.background.JOBS.trail", 1, None),
        ("trail_check", "config.background.JOBS.trail_check", 60, None),
        ("upkeep", "config.background.JOBS.upkeep", 60, None),
        ("vault-keys", "config.background.JOBS.vault-keys", 1, None),
    ]


@pytest.mark.django_db
def test_a_schedule_that_somebody_changed_is_put_right_at_the_next_start():
    Schedule.objects.create(
        name="tick", func="other.thing", schedule_type=Schedule.DAILY, args="broken(", repeats=0
    )

    assert_schedules()

    tick = Schedule.objects.get(name="tick")
    assert (tick.func, tick.schedule_type, tick.args, tick.repeats) == (
        "config.background.tick",
        Schedule.MINUTES,
        None,
        -1,
    )


@pytest.mark.django_db
def test_a_schedule_that_would_stop_all_the_others_is_switched_off_at_the_next_start():
    poison = Schedule.objects.create(func="other.thing", args="datetime.datetime(2026, 3, 2)")
    harmless = Schedule.objects.create(func="other.thing", args="1, 'two'")

    assert_schedules()

    assert Schedule.objects.get(pk=poison.pk).repeats == 0
    assert Schedule.objects.get(pk=harmless.pk).repeats == -1


def test_a_queue_where_the_supervisor_cannot_look_fails_the_check(settings):
    settings.Q_CLUSTER = {**EMBEDDED, "orm": "vault"}

    assert [message.id for message in queue_is_where_the_supervisor_looks(None)] == ["config.E102"]


@pytest.mark.django_db
def test_the_age_of_the_beat_is_unknown_until_a_worker_ran():
    assert age(Mark.BEAT, NOON) is None


@pytest.mark.django_db
def test_the_age_of_the_beat_is_counted_from_the_last_one():
    with time_machine.travel(NOON, tick=False):
        beat()

    assert age(Mark.BEAT, NOON + timedelta(seconds=75)) == timedelta(seconds=75)


@pytest.mark.django_db
def test_a_worker_that_starts_finds_a_tick_waiting():
    ask_for_a_tick()

    assert queued() == [TICK_TASK]


@pytest.mark.django_db
def test_a_worker_that_can_never_stay_up_does_not_fill_the_queue():
    for _ in range(30):
        ask_for_a_tick()

    assert len(queued()) == 20


@pytest.mark.django_db
def test_the_tick_leaves_its_mark_once_it_is_through():
    with time_machine.travel(NOON, tick=False):
        moved = tick()

    assert moved["opened"] == 0
    assert age(Mark.TICK, NOON) == timedelta(0)


@pytest.mark.django_db
def test_the_marks_of_the_worker_are_kept_in_the_database_whatever_the_cache(settings):
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        },
    }

    beat()

    assert age(Mark.BEAT, NOON) is not None


def queued() -> list[str]:
    return [row.func() for row in OrmQ.objects.all()]


@pytest.mark.django_db
def test_the_supervisor_asks_for_a_beat_through_the_queue():
    pulse = WorkerPulse()

    assert pulse(1000.0) is None
    assert queued() == [BEAT_TASK]


@pytest.mark.django_db
def test_a_queue_that_does_not_answer_is_asked_once_a_minute_only():
    pulse = WorkerPulse()

    for now in range(1000, 1180, 5):
        pulse(float(now))

    assert len(queued()) == 3


def done(*tasks: str) -> None:
    """Let a worker take these tasks and write them off."""
    for row in OrmQ.objects.all():
        if row.func() in tasks:
            row.delete()


@pytest.mark.django_db
def test_a_beat_that_was_done_and_written_off_is_a_sign_of_life_and_the_next_is_asked_for():
    pulse = WorkerPulse()
    pulse(1000.0)
    done(BEAT_TASK)

    felt = pulse(1021.0)

    assert felt == 1021.0
    assert queued() == [BEAT_TASK]


@pytest.mark.django_db
def test_a_long_queue_that_moves_is_a_sign_of_life_though_the_beat_still_waits():
    async_task(TICK_TASK)
    pulse = WorkerPulse()
    pulse(1000.0)
    done(TICK_TASK)

    felt = pulse(1005.0)

    assert felt == 1005.0
    assert queued() == [BEAT_TASK]


@pytest.mark.django_db
def test_a_beat_that_came_but_was_never_written_off_is_no_sign_of_life():
    pulse = WorkerPulse()
    pulse(1000.0)
    beat()

    assert pulse(1005.0) is None


@pytest.mark.django_db
def test_tasks_that_only_come_in_are_no_sign_of_life():
    pulse = WorkerPulse()
    pulse(1000.0)
    async_task(TICK_TASK)

    assert pulse(1005.0) is None


@pytest.mark.parametrize(
    ("stale_seconds", "ask_seconds", "unanswered_seconds"), [(90, 20, 60), (600, 20, 60), (9, 2, 6)]
)
def test_who_waits_less_asks_more_often(stale_seconds, ask_seconds, unanswered_seconds):
    pulse = WorkerPulse.for_patience(stale_seconds)

    assert (pulse.ask_seconds, pulse.unanswered_seconds) == (ask_seconds, unanswered_seconds)


def test_a_database_that_is_away_counts_as_a_sign_of_life():
    feel = "from config.watching import WorkerPulse; print(WorkerPulse()(1000.0))"

    felt = away.run(feel)

    assert felt.stdout == "1000.0\n"
    assert "hidden" not in felt.stderr
