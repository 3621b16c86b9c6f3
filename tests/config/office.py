"""A clerk beside background processes: a process of its own that gives them work and counts what came of it."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.config.databases import Database
from tests.services.redis import OwnRedis
from tests.services.waiting import WAIT_SECONDS

ROOT = Path(__file__).resolve().parents[2]


class Office:
    """Databases in a folder, a queue in one of them or in Redis, and a clerk."""

    def __init__(self, folder: Path, database: Database, redis: OwnRedis | None = None) -> None:
        self.folder, self.database, self.redis = folder, database, redis
        self.environment = {**os.environ, **database.environment(), "STATIC_ROOT": str(folder / "static")}
        self.environment["Q_BROKER"] = redis.address if redis else ""
        self.people: list[str] = []
        self.clerk: subprocess.Popen[str] | None = None

    @property
    def kind(self) -> str:
        return "redis" if self.redis else self.database.kind

    @property
    def workers(self) -> int:
        """How many a cluster has: as many as are asked for, else as it is set for this database."""
        return int(self.environment.get("Q_WORKERS", 2 if self.database.kind == "sqlite" else 4))

    def bring_a_clerk(self) -> None:
        with (self.folder / "clerk.log").open("ab") as log:
            self.clerk = subprocess.Popen(
                [sys.executable, "-m", "tests.config.clerk"],
                cwd=ROOT, env={**self.environment, "DJANGO_SETTINGS_MODULE": "config.settings"},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        self.heard()

    def send_the_clerk_home(self) -> None:
        if self.clerk:
            with contextlib.suppress(BrokenPipeError):
                self.clerk.communicate(timeout=WAIT_SECONDS)

    def ask(self, word: str, *arguments):
        # A clerk who has left says why in `heard`.
        with contextlib.suppress(BrokenPipeError):
            self.clerk.stdin.write(json.dumps([word, *arguments]) + "\n")
            self.clerk.stdin.flush()
        return self.heard()

    def heard(self):
        line = self.clerk.stdout.readline()
        if not line:
            raise AssertionError(f"the clerk left: {(self.folder / 'clerk.log').read_text()[-2000:]}")
        return json.loads(line)

    def owe(self, people: int = 4, ticks: int = 3) -> None:
        """New people whose follow-ups the next tick must see to; several ticks are asked for, so that they race."""
        self.people += self.ask("owe", people, ticks)

    def is_done(self) -> bool:
        return self.ask("left_undone", self.people) == 0
