"""What several processes try at the same moment: a code opens one door, and tries are counted to the last."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import RequestFactory

from accounts import tries
from accounts.permissions import Role
from tests.accounts.codes import code_of
from tests.accounts.factors_of import SEED, give_app, give_recovery_codes
from tests.accounts.people import person

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 4


def address_of_database(alias):
    """Where another process finds the database of this test."""
    told = connections[alias].settings_dict
    if "sqlite3" in told["ENGINE"]:
        return f"sqlite:///{told['NAME']}"
    user, word, host, port = (told.get(part) or "" for part in ("USER", "PASSWORD", "HOST", "PORT"))
    if host.startswith("/"):
        return f"postgres://{user}:{word}@{host.replace('/', '%2F')}:{port}/{told['NAME']}"
    return f"postgres://{user}:{word}@{host}:{port}/{told['NAME']}"


def give_at_once(somebody, code):
    """What each of several real processes is told that gives the code at the same moment."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": address_of_database("default"),
        "VAULT_DATABASE_URL": address_of_database("vault"),
        "VAULT_HEARTBEAT": "0",
    }
    racers = subprocess.Popen(
        [sys.executable, "-m", "tests.accounts.racer", str(somebody.pk), code, str(PROCESSES)],
        cwd=Path(settings.BASE_DIR),
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    for _n in range(PROCESSES):
        assert racers.stdout.readline() == "ready\n"
    told, _nothing = racers.communicate("begin\n", timeout=60)
    return told.split()


@pytest.mark.slow
def test_the_code_of_an_app_given_by_four_processes_at_once_passes_once():
    sena = person(Role.ENUMERATOR, "sena")
    give_app(sena)

    # The next code, so that it is still good when the processes have started.
    told = give_at_once(sena, code_of(SEED, steps=1))

    assert sorted(told) == ["refused"] * (PROCESSES - 1) + ["totp"]


@pytest.mark.slow
def test_a_recovery_code_given_by_four_processes_at_once_passes_once():
    sena = person(Role.ENUMERATOR, "sena")
    codes = give_recovery_codes(sena)

    told = give_at_once(sena, codes[0])

    assert sorted(told) == sorted(["recovery_codes"] + ["refused"] * (PROCESSES - 1))


def test_of_twenty_tries_made_at_once_five_are_looked_at():
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    passed, begin = [], threading.Barrier(20)

    def try_once():
        begin.wait()
        if tries.take(request, "sena"):
            passed.append(1)
        connections.close_all()

    threads = [threading.Thread(target=try_once) for _n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # Some may find the last places taken by others that were refused with them: never more than five.
    assert 1 <= len(passed) <= 5
