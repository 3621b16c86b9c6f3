"""Servers that the tests of the background work start."""

import pytest

from tests.services import redis
from tests.services.redis import OwnRedis


@pytest.fixture(scope="session")
def redis_server():
    """A Redis of our own; tests that need it are skipped where none can be had, and named at the end of the run."""
    found = redis.binary()
    if found is None:
        pytest.skip(redis.NONE)
    with OwnRedis(found) as server:
        yield server


def pytest_terminal_summary(terminalreporter):
    """Name every test that did not run: a silent skip reads like a pass."""
    skipped = [
        report.nodeid
        for report in terminalreporter.stats.get("skipped", [])
        if redis.NONE in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("REDIS TESTS SKIPPED: no server could be had", red=True, bold=True)
        for nodeid in skipped:
            terminalreporter.line(nodeid)
