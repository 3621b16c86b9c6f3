"""The supervisor, with real processes: each test starts one in a process of its own and plays against it."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from textwrap import dedent

import pytest

from tests.config.processes import is_alive, kill
from tests.services import waiting

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 15
wait_until = partial(waiting.wait_until, seconds=WAIT_SECONDS, step=0.02)

SUPERVISOR = """
import sys, time
from config.supervising import Patience, Program, Supervisor

patience = Patience(
    look_seconds=0.02, stale_seconds=0.6, first_sign_seconds={first_sign_seconds}, answer_seconds=0.5,
    stop_seconds={stop_seconds}, first_pause_seconds=0.05
)
program = Program("child", (sys.executable, "-c", {child!r}), pulse={pulse}, prepare={prepare})
Supervisor([program], patience).run()
print("stopped")
"""
# Each child writes its process id first, so that a test knows of every run there was.
LOGS_ITS_ID = """
import os, signal, subprocess, sys, time
def log(word):
    with open("log", "a") as log:
        log.write(f"{word} {os.getpid()}\\n")
"""


class Supervised:
    """A supervisor at work in a folder, and what its children wrote there."""

    def __init__(
        self,
        folder: Path,
        child: str,
        *,
        pulse: str = "None",
        stop_seconds: float = 5,
        first_sign_seconds: float = 0.6,
        prepare: str = "None",
    ) -> None:
        source = SUPERVISOR.format(
            child=LOGS_ITS_ID + dedent(child),
            pulse=pulse,
            stop_seconds=stop_seconds,
            first_sign_seconds=first_sign_seconds,
            prepare=prepare,
        )
        self.log = folder / "log"
        self.process = subprocess.Popen(
            [sys.executable, "-c", source],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ids(self, word: str) -> list[int]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [int(line.split()[1]) for line in lines if line.startswith(f"{word} ")]

    def wait_for(self, word: str, times: int) -> list[int]:
        wait_until(lambda: len(self.ids(word)) >= times)
        return self.ids(word)

    def everyone(self) -> list[int]:
        ids = [int(line.split()[1]) for line in self.log.read_text().splitlines()]
        # Zero would mean our own group.
        return [process_id for process_id in ids if process_id]

    def end(self) -> None:
        """Leave nothing behind, not even after a test that failed."""
        if self.process.poll() is None:
            self.process.kill()
        kill(signal.SIGKILL, *filter(is_alive, self.everyone()))
        self.process.communicate(timeout=WAIT_SECONDS)


@pytest.fixture
def supervise(tmp_path):
    started = []

    def start(child: str, **options) -> Supervised:
        started.append(Supervised(tmp_path, child, **options))
        return started[-1]

    yield start
    for supervised in started:
        supervised.end()


def test_a_child_that_leaves_with_code_0_is_started_again(supervise):
    supervised = supervise("log('run')")

    runs = supervised.wait_for("run", times=3)

    assert len(set(runs)) == len(runs)


def test_what_a_child_wants_done_is_done_before_each_start_and_keeps_it_from_none(supervise):
    supervised = supervise("log('run')", prepare="lambda: open('log', 'a').write('wish 0\\n') / 0")

    supervised.wait_for("run", times=2)

    words = [line.split()[0] for line in supervised.log.read_text().splitlines()]
    assert words[:4] == ["wish", "run", "wish", "run"]


def test_a_child_killed_by_force_is_started_again(supervise):
    supervised = supervise("log('run'); time.sleep(60)")
    (first,) = supervised.wait_for("run", times=1)

    os.kill(first, signal.SIGKILL)

    assert supervised.wait_for("run", times=2)[1] != first


def test_orphans_of_a_child_are_gone_before_the_next_run_starts(supervise):
    child = """
        log('run')
        if len(open('log').readlines()) == 1:
            if os.fork() == 0:
                log('orphan')
                time.sleep(60)
            while 'orphan' not in open('log').read():
                time.sleep(0.01)
            sys.exit(0)
        time.sleep(60)
    """
    supervised = supervise(child)

    supervised.wait_for("run", times=2)

    (orphan,) = supervised.ids("orphan")
    assert not is_alive(orphan)


def test_a_child_without_a_sign_of_life_is_killed_and_started_again(supervise):
    supervised = supervise("log('run'); time.sleep(60)", pulse="lambda now: None")

    first, second, *_ = supervised.wait_for("run", times=2)

    assert not is_alive(first)
    assert second != first


def test_a_child_that_shows_signs_of_life_is_left_alone(supervise):
    supervised = supervise("log('run'); time.sleep(60)", pulse="lambda now: now")
    supervised.wait_for("run", times=1)

    time.sleep(1.5)

    assert len(supervised.ids("run")) == 1


def test_a_child_that_is_slow_to_start_gets_longer_until_its_first_sign_of_life(supervise):
    supervised = supervise("log('run'); time.sleep(60)", pulse="lambda now: None", first_sign_seconds=3)
    supervised.wait_for("run", times=1)

    time.sleep(1.5)

    assert len(supervised.ids("run")) == 1
    assert len(supervised.wait_for("run", times=2)) == 2


def test_a_pulse_that_raises_ends_neither_the_child_nor_the_supervisor(supervise):
    supervised = supervise("log('run'); time.sleep(60)", pulse="lambda now: 1 / 0")
    (child,) = supervised.wait_for("run", times=1)

    time.sleep(1.5)

    assert supervised.ids("run") == [child]
    assert supervised.process.poll() is None


def test_a_pulse_that_hangs_keeps_nobody_from_being_started_again(supervise):
    supervised = supervise("log('run'); time.sleep(0.2)", pulse="lambda now: time.sleep(600)")

    assert len(supervised.wait_for("run", times=3)) >= 3


def test_a_pulse_that_hangs_does_not_keep_ctrl_c_waiting(supervise):
    supervised = supervise(
        "log('run'); time.sleep(60)",
        pulse="lambda now: (open('log', 'a').write('felt 0\\n'), time.sleep(600))",
    )
    supervised.wait_for("felt", times=1)
    asked = time.monotonic()

    supervised.process.send_signal(signal.SIGINT)

    supervised.process.wait(WAIT_SECONDS)
    assert time.monotonic() - asked < 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_signal_ends_everything(supervise, number):
    supervised = supervise("log('run'); time.sleep(60)")
    supervised.wait_for("run", times=1)

    supervised.process.send_signal(number)

    assert supervised.process.communicate(timeout=WAIT_SECONDS)[0].endswith("stopped\n")
    assert not any(is_alive(process_id) for process_id in supervised.everyone())


def test_the_stop_signal_goes_to_the_leader_only_who_finishes_its_work(supervise):
    child = """
        helper = os.fork()
        if helper == 0:
            signal.signal(signal.SIGTERM, lambda *_: log('told'))
            log('helper')
            time.sleep(60)
        def finish(*_):
            time.sleep(0.3)
            log('finished')
            os.kill(helper, signal.SIGKILL)
            sys.exit(0)
        signal.signal(signal.SIGTERM, finish)
        while not os.path.exists('log') or 'helper' not in open('log').read():
            time.sleep(0.01)
        log('run')
        time.sleep(60)
    """
    supervised = supervise(child)
    supervised.wait_for("run", times=1)

    supervised.process.terminate()
    supervised.process.wait(WAIT_SECONDS)

    assert len(supervised.ids("finished")) == 1
    assert supervised.ids("told") == []


def test_a_child_that_will_not_stop_is_killed_in_the_end(supervise):
    supervised = supervise(
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); log('run'); time.sleep(60)", stop_seconds=0.3
    )
    (child,) = supervised.wait_for("run", times=1)

    supervised.process.terminate()
    supervised.process.wait(WAIT_SECONDS)

    assert not is_alive(child)


def test_a_second_ctrl_c_does_not_wait(supervise):
    supervised = supervise(
        "signal.signal(signal.SIGTERM, lambda *_: log('asked')); log('run'); time.sleep(60)",
        stop_seconds=600,
    )
    (child,) = supervised.wait_for("run", times=1)
    supervised.process.send_signal(signal.SIGINT)
    supervised.wait_for("asked", times=1)

    supervised.process.send_signal(signal.SIGINT)

    supervised.process.wait(WAIT_SECONDS)
    assert not is_alive(child)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_nothing_is_left_when_the_supervisor_itself_is_killed_by_force(supervise):
    supervised = supervise("log('run'); time.sleep(60)")
    (child,) = supervised.wait_for("run", times=1)

    supervised.process.kill()

    wait_until(lambda: not is_alive(child))
