"""The same panel with its queue in Redis, which gives nothing out twice: the next tick finds what was lost."""

import pytest

from tests.config.databases import SqliteFiles
from tests.config.faults import (
    FAULTS,
    everything_killed_and_the_queue_lost,
    idle_workers_killed,
    redis_away,
)
from tests.config.running import Panel, running

IMPATIENT = ("--stale-seconds", "6", "--stop-seconds", "6")
HERE = (idle_workers_killed, everything_killed_and_the_queue_lost, redis_away)
"""The rest, and all of them on PostgreSQL, are left to `make chaos`."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def panel(vault_key_file, migrated, redis_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("panel")
    with running(Panel(folder, SqliteFiles(folder, migrated), *IMPATIENT, redis=redis_server)) as panel:
        yield panel


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.inject in HERE], ids=lambda fault: fault.name
)
def test_with_the_queue_in_redis_no_work_is_lost_or_done_twice_after(panel, fault):
    fault.inject(panel)

    panel.goes_on()

    assert panel.is_done(), "somebody from before was left"
    assert panel.ask("twice") == []
