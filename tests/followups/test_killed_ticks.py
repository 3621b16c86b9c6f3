"""A tick in a process of its own, killed outright in the middle: the next one makes good what it left."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connections

from followups.ticking.tick import tick
from tests.followups.making import World
from tests.followups.standing import standing, standing_after
from tests.followups.test_time_and_ticks import busy_moment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def address_of(alias):
    """The test database as an address, for another process."""
    known = connections[alias].settings_dict
    if "sqlite" in known["ENGINE"]:
        return f"sqlite:///{known['NAME']}"
    who = f"{known['USER']}:{known['PASSWORD']}@" if known["PASSWORD"] else f"{known['USER']}@"
    return f"postgres://{who}{known['HOST']}:{known['PORT']}/{known['NAME']}"


def tick_that_dies(at, statement):
    """Run it; how it ended."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": address_of("default"),
        "VAULT_DATABASE_URL": address_of("vault"),
    }
    command = [sys.executable, "-m", "tests.followups.dying_tick", at.isoformat(), str(statement)]
    return subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, timeout=120, check=False
    ).returncode


def until_quiet(verb):
    """What the dead process held, PostgreSQL lets go of once it notices: a moment later, not at once."""
    for _try in range(10):
        verb()
        time.sleep(0.2)


@pytest.mark.parametrize("statement", [4, 25, 45])
def test_a_tick_whose_process_is_killed_is_made_good_by_the_next(transactional_db, statement):
    now = busy_moment(World())
    unkilled = standing_after(lambda: tick(now))

    assert tick_that_dies(now, statement) == -signal.SIGKILL
    until_quiet(lambda: tick(now))

    assert standing() == unkilled


def test_a_tick_in_a_process_that_lives_does_the_same(transactional_db):
    now = busy_moment(World())
    unkilled = standing_after(lambda: tick(now))

    assert tick_that_dies(now, 10_000) == 0

    assert standing() == unkilled
