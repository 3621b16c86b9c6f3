"""Several task clusters at once on one database, as on several machines, each with a log of its own."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.config.databases import Database
from tests.config.office import ROOT, Office
from tests.config.processes import children_of, kill
from tests.services.redis import OwnRedis
from tests.services.waiting import WAIT_SECONDS, wait_until

SHARED_OUT_SECONDS = 1.5
"""Each pusher looks twice a second."""
TICKED = re.compile(r"followups\.ticking\.tick tick (.*)$", re.MULTILINE)


class Clusters(Office):
    """So many clusters, started together and without a supervisor."""

    def __init__(self, folder: Path, database: Database, many: int, redis: OwnRedis | None = None) -> None:
        super().__init__(folder, database, redis)
        # Two each, on any database: there are several of them.
        self.environment["Q_WORKERS"] = "2"
        self.logs = [folder / f"cluster-{number}.log" for number in range(many)]
        self.leaders: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        for path in self.logs:
            with path.open("wb") as log:
                self.leaders.append(
                    subprocess.Popen(
                        [sys.executable, "manage.py", "qcluster"], cwd=ROOT, stdout=log, stderr=log,
                        env={**self.environment, "LOG_LEVEL": "INFO"}, start_new_session=True,
                    )
                )  # fmt: skip
        wait_until(self.are_whole, "whole clusters")

    def are_whole(self) -> bool:
        return len(self.pools()) == len(self.leaders) * self.workers

    def pools(self) -> list[int]:
        """The workers of every cluster: the first that its sentinel started, before a monitor and a pusher."""
        sentinels = [child.id for leader in self.leaders for child in children_of(leader.pid)]
        started = [[child.id for child in children_of(one)] for one in sentinels]
        return [one for family in started if len(family) == self.workers + 2 for one in family[:-2]]

    @contextlib.contextmanager
    def at_the_start(self) -> Iterator[None]:
        """All workers stand still while the pushers share out what is queued; then all begin at once."""
        workers = self.pools()
        kill(signal.SIGSTOP, *workers)
        try:
            yield
            time.sleep(SHARED_OUT_SECONDS)
        finally:
            kill(signal.SIGCONT, *workers)

    def ticks(self) -> list[list[dict[str, int]]]:
        """What each tick of each cluster says that it moved, by its log."""
        return [[counts(line) for line in TICKED.findall(path.read_text())] for path in self.logs]

    def end(self) -> None:
        """Leave nothing behind, not even after a test that failed."""
        self.send_the_clerk_home()
        for leader in self.leaders:
            leader.terminate()
        for leader in self.leaders:
            with contextlib.suppress(subprocess.TimeoutExpired):
                leader.wait(WAIT_SECONDS)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(leader.pid, signal.SIGKILL)
            leader.wait()


def counts(line: str) -> dict[str, int]:
    return {name: int(number) for name, number in (word.split("=") for word in line.split())}


@contextlib.contextmanager
def working(clusters: Clusters) -> Iterator[Clusters]:
    """The clusters with their clerk, started; nothing of them is left afterwards."""
    try:
        clusters.bring_a_clerk()
        clusters.start()
        yield clusters
    finally:
        clusters.end()
