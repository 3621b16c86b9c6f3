"""Keys change while callers in processes of their own go on calling, and while the change itself is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connections

from tests.followups.making import World
from tracker.models import ContactPoint
from vault import deks, providers, rotating, subject_keys
from vault.models import SubjectKey
from vault.rotating import Run
from vault.unsealing import plaintext_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WORKERS = 4
DIALLING = "tests.vault.dialling_worker"
LIMIT_SECONDS = 90


def addresses():
    """The environment in which a process of its own finds the databases of this test and its keys."""
    return {
        **os.environ,
        "DATABASE_URL": address("default"),
        "VAULT_DATABASE_URL": address("vault"),
        "VAULT_KEY_FILE": django_settings.VAULT_KEY_FILE,
        "LOG_LEVEL": "ERROR",
    }


def address(alias):
    database = connections[alias].settings_dict
    if "sqlite3" in database["ENGINE"]:
        return f"sqlite:///{database['NAME']}"
    where = f"{database['HOST']}:{database['PORT']}"
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{where}/{database['NAME']}"


def start(*command):
    return subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=addresses(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def wait_until(claim):
    until = time.monotonic() + LIMIT_SECONDS
    while not claim():
        assert time.monotonic() < until
        time.sleep(0.1)


def everything_opens():
    """Every number that is kept, opened with what the provider holds now; how many."""
    points = ContactPoint.objects.all()
    keys = deks.load([point.respondent_id for point in points])
    return sum(plaintext_of(point.value, keys).decode().startswith("+44") for point in points)


def calls_made(stop):
    return [int(path.read_text() or 0) for path in stop.parent.glob(f"{stop.name}.*")]


def test_four_callers_go_on_calling_while_keys_change_twice_and_nobody_misses_a_key(tmp_path):
    world, stop = World(), tmp_path / "stop"
    # Once by us: wordings are approved by people who are made for it, and four at once would meet.
    world.person()
    first = providers.keyring().current
    callers = [
        start("-m", DIALLING, str(which), str(world.caller().pk), str(world.study.pk), str(stop))
        for which in range(WORKERS)
    ]
    try:
        wait_until(lambda: len(calls_made(stop)) == WORKERS and min(calls_made(stop)) > 0)
        for _change in range(2):
            before = sum(calls_made(stop))
            assert rotating.rotate(Run(lambda: NOW, patience_seconds=60, batch=10)).is_through
            wait_until(lambda before=before: sum(calls_made(stop)) > before)
    finally:
        stop.touch()
        ended = [caller.communicate(timeout=LIMIT_SECONDS) for caller in callers]
    assert all(out for out, _errors in ended), ended
    said = [json.loads(out) for out, _errors in ended]
    assert all(set(one) <= {"seen", "nobody to call"} for one in said), (said, ended)
    assert all(one["seen"] for one in said)
    assert everything_opens() == ContactPoint.objects.count() > WORKERS
    assert {
        bytes(key) for key in SubjectKey.objects.values_list("kek_id", flat=True)
    } == providers.keyring().kek_ids
    assert first not in providers.keyring().kek_ids


def test_a_change_that_is_killed_while_it_wraps_goes_on_and_loses_nothing():
    from uuid import uuid4

    subjects = [uuid4() for _subject in range(3000)]
    subject_keys.create(subjects, now=NOW)
    old, before = providers.keyring().current, opened_keys()
    wrapping = start("manage.py", "vault_rotate", "--batch", "5")
    wait_until(lambda: SubjectKey.objects.exclude(kek_id=old).exists() or wrapping.poll() is not None)

    wrapping.send_signal(signal.SIGKILL)
    wrapping.communicate(timeout=LIMIT_SECONDS)

    left = SubjectKey.objects.filter(kek_id=old).count()
    assert 0 < left < len(subjects)
    assert opened_keys() == before
    assert rotating.rotate(Run(lambda: NOW), wants_new=False).is_through
    assert opened_keys() == before
    assert old not in providers.keyring().kek_ids


def opened_keys():
    ring = providers.keyring(fresh=True)
    return {
        key.subject: ring.unwrap(bytes(key.kek_id), bytes(key.wrapped), subject=key.subject, generation=1)
        for key in SubjectKey.objects.all()
    }
