"""What can strike a running panel: after each fault the work goes on by itself, and nothing happens twice."""

import signal

import pytest

from tests.config.databases import OwnPostgres, SqliteFiles
from tests.config.faults import (
    ENDINGS,
    FAULTS,
    cluster_group_told_to_end,
    ctrl_c,
    database_away,
    everybody_told_to_end,
    everything_killed_with_work_queued,
    idle_workers_killed,
    seconds_to_end,
    sentinel_killed,
    web_leader_killed,
    worker_killed_in_a_task,
)
from tests.config.processes import kill
from tests.config.running import Panel, running
from tests.services import postgres
from tests.services.waiting import NotInTime, wait_until

IMPATIENT = ("--stale-seconds", "6", "--stop-seconds", "6")
HERE = (
    worker_killed_in_a_task,
    sentinel_killed,
    cluster_group_told_to_end,
    web_leader_killed,
    everything_killed_with_work_queued,
    ctrl_c,
    everybody_told_to_end,
)
"""What heals in the same way as one of these is left to `make chaos`, which takes them all, on both databases."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def started(vault_key_file, migrated, tmp_path_factory):
    folder = tmp_path_factory.mktemp("panel")
    with running(Panel(folder, SqliteFiles(folder, migrated), *IMPATIENT)) as panel:
        yield panel


@pytest.fixture
def panel(started):
    """The one panel of these tests, which is started again where a test has ended it."""
    if started.up.poll() is not None:
        started.start()
        wait_until(started.is_ready, "a new start")
    return started


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.inject in HERE], ids=lambda fault: fault.name
)
def test_work_goes_on_and_nothing_happens_twice_after(panel, fault):
    fault.inject(panel)

    panel.goes_on()

    assert panel.ask("twice") == []


@pytest.mark.parametrize(
    "ending", [ending for ending in ENDINGS if ending.end in HERE], ids=lambda ending: ending.name
)
def test_nothing_is_left_running_after(panel, ending):
    assert seconds_to_end(panel, ending) < 30


@pytest.mark.postgres
def test_work_goes_on_after_the_database_was_away_for_fifteen_seconds(vault_key_file, tmp_path):
    binaries = postgres.binaries()
    if binaries is None:
        pytest.skip(postgres.NONE)
    with OwnPostgres(binaries) as server, running(Panel(tmp_path, server, *IMPATIENT)) as panel:
        database_away(panel)

        panel.goes_on()

        assert panel.ask("twice") == []


def test_a_killed_idle_worker_stops_all_work_until_the_heartbeat_is_looked_at(panel):
    """While the supervisor stands still nothing heals: so the work that goes on afterwards is its doing."""
    kill(signal.SIGSTOP, panel.up.pid)
    try:
        idle_workers_killed(panel)
        with pytest.raises(NotInTime, match="the work that was waiting"):
            panel.goes_on(seconds=8)
    finally:
        kill(signal.SIGCONT, panel.up.pid)

    panel.goes_on()

    assert panel.ask("twice") == []


def test_an_event_told_twice_is_found(panel):
    """Shows that the count of what happened twice can fail; the last test here, since the trail keeps it."""
    panel.goes_on()

    panel.ask("tell_again")

    assert "told 2 times" in panel.ask("twice")[0]
