"""The real thing for one run: databases, keys and port of its own, and the processes that `manage.py up` starts."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.services.migrated import MigratedFiles
from tests.services.postgres import free_port
from tests.services.waiting import WAIT_SECONDS, answer, wait_until

ROOT = Path(__file__).resolve().parents[2]
RESPONDENTS = "24"


@dataclass
class Running:
    """A server in a folder of its own: everything that it writes is below `folder`. Its tables are copies of those
    in `like`."""

    folder: Path
    like: MigratedFiles
    port: int = field(default_factory=free_port)
    up: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What is kept: the standard output and error of the web server, the worker and their supervisor."""
        return self.folder / "logs" / "kept.log"

    @property
    def every_word(self) -> Path:
        """The same before any filter, and every statement to the database with its values."""
        return self.folder / "logs" / "every-word.log"

    def database(self, alias: str) -> Path:
        return self.folder / "db" / f"{alias}.sqlite3"

    def environment(self) -> dict[str, str]:
        here = self.folder
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.browser.every_word",
            "EVERY_WORD": str(self.every_word),
            "LOG_LEVEL": "DEBUG",
            "RECONTACT_DEMO": "1",
            "DEMO_CLOCK_FILE": str(here / "db" / "demo-clock.json"),
            "DEBUG": "0",
            "SECURE": "0",
            "ALLOWED_HOSTS": "127.0.0.1",
            "GATEWAY": "plain",
            "SECRET_KEY": "only-for-this-run-" + "0" * 50,
            "DATABASE_URL": f"sqlite:///{self.database('main')}",
            "VAULT_DATABASE_URL": f"sqlite:///{self.database('vault')}",
            "VAULT_KEY_FILE": str(here / "keys" / "vault-keys.json"),
            "STATIC_ROOT": str(here / "static"),
            "TMPDIR": str(here / "left"),
        }

    def call(self, *command: str, **differently: str) -> None:
        """Run Python in the project with the environment of this run; what it says is kept with the rest."""
        environment = self.environment() | differently
        with self.log.open("ab") as log:
            subprocess.run(
                [sys.executable, *command], cwd=ROOT, env=environment, stdout=log, stderr=log, check=True
            )

    def start(self) -> None:
        """Make the databases with the synthetic study in them, start web server and worker, wait for an answer."""
        for name in ("db", "logs", "left"):
            (self.folder / name).mkdir(parents=True)
        self.like.copy_to(self.folder / "db")
        # Months of a synthetic study would drown the log of every word.
        self.call(
            "-m", "tests.browser.running", DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="WARNING"
        )
        with self.log.open("ab") as log:
            self.up = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", str(self.port)],
                cwd=ROOT, env=self.environment(), stdout=log, stderr=log,
            )  # fmt: skip
        wait_until(lambda: answer(self.port, "/healthz")[0] == 200, f"an answer ({self.log})", step=0.1)

    def stop(self) -> None:
        """As Ctrl-C does; only the process started here, which ends its own children."""
        if self.up is not None and self.up.poll() is None:
            self.up.terminate()
            self.up.wait(WAIT_SECONDS)

    def tick(self) -> None:
        """One background pass now, instead of within the minute."""
        self.call("manage.py", "tick")


def prepare() -> None:
    """What `make demo` does before it starts the server, in one process; the tables are there."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("vault_init")
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", "--respondents", RESPONDENTS)


if __name__ == "__main__":
    prepare()
