"""Schedules, the worker's beat, its pulse, and the arithmetic of the queue."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django_q.models import OrmQ, Schedule

from config.background import (
    BEAT_TASK,
    assert_schedules,
    beat,
    beat_age,
    least_retry_seconds,
    retry_outlasts_the_queue,
)
from config.watching import WorkerPulse

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
        ("tick", "followups.ticking.tasks.tick", 1, None),
        ("upkeep", "casework.upkeep.upkeep", 60, None),
    ]


@pytest.mark.django_db
def test_a_schedule_that_somebody_changed_is_put_right_at_the_next_start():
    Schedule.objects.create(
        name="tick", func="other.thing", schedule_type=Schedule.DAILY, args="broken(", repeats=0
    )

    assert_schedules()

    tick = Schedule.objects.get(name="tick")
    assert (tick.func, tick.schedule_type, tick.args, tick.repeats) == (
        "followups.ticking.tasks.tick",
        Schedule.MINUTES,
        None,
        -1,
    )


@pytest.mark.django_db
def test_the_age_of_the_beat_is_unknown_until_a_worker_ran():
    assert beat_age(NOON) is None


@pytest.mark.django_db
def test_the_age_of_the_beat_is_counted_from_the_last_one():
    with time_machine.travel(NOON, tick=False):
        beat()

    assert beat_age(NOON + timedelta(seconds=75)) == timedelta(seconds=75)


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


@pytest.mark.django_db
def test_a_beat_is_felt_at_the_moment_it_was_given_and_the_next_is_asked_for():
    pulse = WorkerPulse()
    with time_machine.travel(NOON, tick=False) as clock:
        pulse(1000.0)
        clock.shift(1)
        beat()
        clock.shift(20)

        felt = pulse(1021.0)

    assert felt == 1001.0
    assert len(queued()) == 2
