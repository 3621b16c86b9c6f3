"""`manage.py up` as a person starts it: a web server and a worker, and nothing left after Ctrl-C."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.services.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 60


def answer(port: int, page: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=5) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except OSError:
        return 0, ""


def wait_until(is_so) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.1)


def children_of(process_id: int) -> dict[int, str]:
    """The command line of each child, by process id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        # A process may end while it is looked at.
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == process_id:
                found[int(folder.name)] = (folder / "cmdline").read_text()
    return found


def family_of(process_id: int) -> set[int]:
    """Children, their children, and so on."""
    children = set(children_of(process_id))
    return children.union(*(family_of(child) for child in children))


def worker_leader(process_id: int) -> int:
    """The leader of the background worker among the children of the given process; 0 while there is none."""
    return next((child for child, command in children_of(process_id).items() if "qcluster" in command), 0)


@pytest.fixture
def environment(tmp_path, vault_key_file):
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/main.sqlite3",
        "VAULT_DATABASE_URL": f"sqlite:///{tmp_path}/vault.sqlite3",
        "VAULT_KEY_FILE": str(vault_key_file),
        "STATIC_ROOT": str(tmp_path / "static"),
    }


def manage(environment, *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments, "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@pytest.mark.slow
def test_web_server_and_worker_start_together_heal_and_stop_together(environment):
    manage(environment, "migrate")
    manage(environment, "migrate", "--database", "vault")
    manage(environment, "createcachetable")
    port = free_port()
    up = subprocess.Popen([sys.executable, "manage.py", "up", "--port", str(port)], cwd=ROOT, env=environment)
    try:
        wait_until(lambda: answer(port, "/healthz") == (200, "ok\n"))
        wait_until(lambda: answer(port, "/readyz")[0] == 200)
        first_worker = worker_leader(up.pid)
        os.kill(first_worker, signal.SIGKILL)
        wait_until(lambda: worker_leader(up.pid) not in (0, first_worker))
        # web: a leader and two workers; worker: a leader, sentinel, pusher, monitor and two workers.
        wait_until(lambda: len(family_of(up.pid)) >= 9)
        started = family_of(up.pid)

        up.send_signal(signal.SIGINT)

        assert up.wait(WAIT_SECONDS) == 0
        wait_until(lambda: not any(Path(f"/proc/{process_id}").exists() for process_id in started))
    finally:
        if up.poll() is None:
            up.terminate()
            up.wait(WAIT_SECONDS)


def test_a_taken_port_is_refused_with_a_sentence_and_nothing_is_started():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        with pytest.raises(CommandError, match="Nothing was started"):
            call_command("up", port=other.getsockname()[1])


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7"])
def test_the_demo_is_never_offered_to_other_machines(settings, host):
    settings.RECONTACT_DEMO = True

    with pytest.raises(CommandError, match="on this machine only"):
        call_command("up", host=host)
