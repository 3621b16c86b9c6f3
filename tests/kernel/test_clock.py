"""The one reader of the wall clock, and the demo's own clock, which may run faster."""

import os
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from config.background import beat
from kernel import clock
from kernel.courses import Course, Leg

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FAST = Course((Leg(NOON, NOON, 60),))


@pytest.fixture
def clock_file(settings, tmp_path):
    settings.RECONTACT_DEMO = True
    settings.DEMO_CLOCK_FILE = tmp_path / "run" / "demo-clock.json"
    with time_machine.travel(NOON + MINUTE, tick=False):
        yield settings.DEMO_CLOCK_FILE


def speed() -> float:
    return clock.course().speed_at(clock.wall())


def test_without_a_file_the_demo_goes_by_the_wall(clock_file):
    assert clock.now() == clock.wall() == NOON + MINUTE
    assert speed() == 1


def test_a_kept_course_is_what_the_demo_goes_by(clock_file):
    clock.keep(FAST)

    assert clock.now() == NOON + timedelta(hours=1)
    assert speed() == 60
    assert clock.wall() == NOON + MINUTE


def test_a_new_course_is_seen_at_the_next_look(clock_file):
    clock.keep(FAST)
    assert speed() == 60

    clock.keep(Course((Leg(NOON, NOON, 30),)))

    assert speed() == 30


@pytest.mark.parametrize("text", ["", "{", '{"legs": [{"speed": 60}]}', "\x00\xff"])
def test_a_broken_file_is_the_walls_clock(clock_file, text):
    clock.keep(FAST)
    clock_file.write_text(text)

    assert clock.now() == NOON + MINUTE


def test_a_file_that_was_forgotten_is_the_walls_clock_again(clock_file):
    clock.keep(FAST)
    assert speed() == 60
    clock_file.unlink()

    assert clock.now() == NOON + MINUTE


def test_outside_the_demo_the_file_is_never_looked_at(clock_file, settings, monkeypatch):
    clock.keep(FAST)
    settings.RECONTACT_DEMO = False
    looked_at = []
    look = os.stat
    monkeypatch.setattr(os, "stat", lambda path, **more: looked_at.append(str(path)) or look(path, **more))

    assert clock.now() == NOON + MINUTE
    assert speed() == 1
    assert str(clock_file) not in looked_at


@pytest.mark.django_db
def test_the_workers_beat_and_its_age_stay_on_real_time(clock_file, client):
    beat()
    clock.keep(FAST)

    page = client.get("/readyz")

    assert "worker: last beat 0 s ago" in page.content.decode()


@pytest.mark.django_db
def test_a_beat_of_the_demo_that_ran_ahead_grows_old_like_any_other(clock_file, client):
    clock.keep(FAST)
    beat()

    with time_machine.travel(NOON + 11 * MINUTE, tick=False):
        page = client.get("/readyz")

    assert "FAIL worker: last beat 600 s ago" in page.content.decode()
