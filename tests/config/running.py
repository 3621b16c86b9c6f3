"""A real `manage.py up` to play against: its processes, its pages, and the clerk who gives it work and counts."""

import contextlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.config.databases import Database
from tests.config.office import ROOT, Office
from tests.config.processes import children_of, family_of, is_alive, kill
from tests.services.postgres import free_port
from tests.services.redis import OwnRedis
from tests.services.waiting import WAIT_SECONDS, NotInTime, answer, wait_until


@dataclass(frozen=True)
class Cluster:
    """The background worker as it starts: a leader, its sentinel, and what the sentinel starts, in this order."""

    leader: int
    sentinel: int
    workers: tuple[int, ...]
    monitor: int
    pusher: int


class Panel(Office):
    """Web server, worker and databases, started as a person starts them, and a clerk beside them."""

    def __init__(
        self, folder: Path, database: Database, *options: str, redis: OwnRedis | None = None
    ) -> None:
        super().__init__(folder, database, redis)
        self.options = options
        self.port = free_port()
        self.up: subprocess.Popen[bytes] | None = None

    # --- Starting and ending ---

    def start(self) -> None:
        """Start `manage.py up` in a group of its own, as a shell would."""
        command = [sys.executable, "manage.py", "up", "--port", str(self.port), *self.options]
        with (self.folder / "up.log").open("ab") as log:
            self.up = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def end(self) -> None:
        """Leave nothing behind, not even after a test that failed."""
        self.send_the_clerk_home()
        if self.up and self.up.poll() is None:
            self.kill_everything()

    def everyone(self) -> set[int]:
        return {self.up.pid, *family_of(self.up.pid)}

    def kill_everything(self) -> None:
        """SIGKILL to all at once, as when the machine loses power."""
        everyone = self.everyone()
        # The supervisor first: it would otherwise start others meanwhile.
        kill(signal.SIGKILL, self.up.pid, *everyone)
        self.up.wait(WAIT_SECONDS)
        wait_until(lambda: not any(is_alive(one) for one in everyone), "the end of everything")

    # --- Looking ---

    def beat_age(self) -> float | None:
        """How long ago the readiness page says the last beat was; None while it is not ready."""
        status, text = answer(self.port, "/readyz")
        beat = re.search(r"worker: last beat (\d+) s ago", text)
        return float(beat[1]) if status == 200 and beat else None

    def is_ready(self) -> bool:
        return self.beat_age() is not None

    def leader(self, of: str) -> int:
        """The leader of `qcluster` or `gunicorn`; 0 while there is none."""
        return next((child.id for child in children_of(self.up.pid) if of in child.command), 0)

    def cluster(self) -> Cluster | None:
        """The cluster as it was started; None while it is not complete, or after something in it was replaced."""
        leader = self.leader("qcluster")
        sentinel = next((child.id for child in children_of(leader)), 0) if leader else 0
        started = children_of(sentinel) if sentinel else []
        if len(started) != self.workers + 2 or started[-1].id - started[0].id > 30:
            return None
        *workers, monitor, pusher = (process.id for process in started)
        return Cluster(leader, sentinel, tuple(workers), monitor, pusher)

    def whole_cluster(self) -> Cluster:
        """The cluster as it was started; one in which something was replaced is started anew first."""
        with contextlib.suppress(NotInTime):
            wait_until(self.cluster, "a whole cluster", seconds=10)
        if self.cluster() is None:
            wait_until(lambda: self.leader("qcluster"), "a cluster")
            kill(signal.SIGKILL, self.leader("qcluster"))
            wait_until(self.cluster, "a whole cluster")
        return self.cluster()

    # --- Going on ---

    def goes_on(self, seconds: float = WAIT_SECONDS) -> float:
        """New work is done, the page says ready with a beat since now, all processes are there; seconds it took."""
        began = time.monotonic()
        self.owe()
        wait_until(self.is_done, "the work that was waiting", seconds)
        wait_until(lambda: self.has_beaten_since(began), "a beat on the readiness page", seconds)
        self.ask("is_written_down", True)
        wait_until(lambda: self.ask("is_written_down", False), "a task written off", seconds, step=1)
        # The supervisor; web: a leader and two workers; worker: leader, sentinel, pusher, monitor and its workers.
        whole = 1 + 3 + 4 + self.workers
        wait_until(lambda: len(self.everyone()) == whole, "the full number of processes", seconds)
        return time.monotonic() - began

    def has_beaten_since(self, moment: float) -> bool:
        # The page counts whole seconds.
        age = self.beat_age()
        return age is not None and age + 1 <= time.monotonic() - moment


@contextlib.contextmanager
def running(panel: Panel) -> Iterator[Panel]:
    """The panel with its clerk, started and ready for faults; nothing of it is left afterwards."""
    try:
        panel.bring_a_clerk()
        panel.start()
        wait_until(panel.is_ready, "a first start")
        yield panel
    finally:
        panel.end()
