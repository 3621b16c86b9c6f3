"""Keeps child processes alive: starts them, restarts them when they exit or fall silent, and stops them cleanly."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

logger = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Pulse = Callable[[float], float | None]
"""Given the monotonic moment, the monotonic moment of the last sign of life; None when there was none yet.

It is cut short with `NoAnswer` when it takes too long, or when a stop is asked for meanwhile.
"""


class NoAnswer(Exception):
    """Raised inside a pulse that is being felt for too long: what it asks does not answer."""


@dataclass(frozen=True)
class Program:
    """One child: a name for the log, its command, and how to tell that it still works (None: running is enough).

    `prepare` is done before each start; when it cannot be done, the program starts all the same.
    """

    name: str
    command: tuple[str, ...]
    pulse: Pulse | None = None
    prepare: Callable[[], None] | None = None


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits, in seconds, before it acts."""

    look_seconds: float = 0.25
    stale_seconds: float = 90
    first_sign_seconds: float = 90
    stop_seconds: float = 20
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 10
    settled_seconds: float = 30
    answer_seconds: float = 10


@dataclass
class Run:
    """One run of a program: its leader, and with it the whole group."""

    process: subprocess.Popen[bytes]
    started: float
    last_sign: float = 0

    def has_ended(self) -> bool:
        """Whether the leader has exited. It stays unreaped, so that its group number cannot go to a stranger."""
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def sweep(self) -> int:
        """Kill what is left of the group, orphans included, then reap the leader; returns its exit code."""
        signal_group(self.process.pid, signal.SIGKILL)
        return self.process.wait()

    def is_silent(self, pulse: Pulse, now: float, patience: Patience) -> bool:
        """Whether the last sign of life, or the start where none came yet, is too long ago."""
        self.last_sign = max(self.last_sign, pulse(now) or 0)
        if self.last_sign <= self.started:
            # A busy machine takes long to start something: that is no stall.
            return now - self.started > max(patience.stale_seconds, patience.first_sign_seconds)
        return now - self.last_sign > patience.stale_seconds


@dataclass
class Post:
    """A program's place: its present run, if any, and when the next may start."""

    program: Program
    run: Run | None = None
    pause_seconds: float = 0
    not_before: float = 0


@dataclass
class Supervisor:
    """Runs programs until told to stop. It has no threads: a forked child must not inherit half a lock."""

    programs: Sequence[Program]
    patience: Patience = Patience()
    posts: list[Post] = field(init=False)
    stop_requests: int = 0
    is_feeling: bool = False

    def __post_init__(self) -> None:
        self.posts = [Post(program) for program in self.programs]

    def run(self) -> None:
        """Start everything and look after it until a stop signal; nothing is left running on return."""
        for number in STOP_SIGNALS:
            signal.signal(number, self.request_stop)
        signal.signal(signal.SIGALRM, self.cut_short)
        try:
            while not self.stop_requests:
                for post in self.posts:
                    self.look_after(post, time.monotonic())
                time.sleep(self.patience.look_seconds)
        finally:
            self.stop()

    def request_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop_requests += 1
        # Ctrl-C must not wait for a database that hangs.
        self.cut_short(number, frame)

    def cut_short(self, number: int, frame: FrameType | None) -> None:
        if self.is_feeling:
            # Once only: nothing may be raised any more when what was cut short has been left.
            self.let_be()
            raise NoAnswer

    def look_after(self, post: Post, now: float) -> None:
        """Start what is not running, and replace what has exited or fallen silent."""
        if post.run is None:
            if now >= post.not_before:
                self.try_to_start(post, now)
        elif post.run.has_ended():
            # Any exit, code 0 included: a task queue whose sentinel was killed leaves with 0 and stops working.
            self.replace(post, post.run, now, "exited")
        elif self.is_stale(post.program, post.run, now):
            self.replace(post, post.run, now, "gave no sign of life")

    def is_stale(self, program: Program, run: Run, now: float) -> bool:
        if program.pulse is None:
            return False
        try:
            with self.cut_short_after(self.patience.answer_seconds):
                return run.is_silent(program.pulse, now, self.patience)
        except Exception:
            # What cannot be felt is not dead, and a fault in the pulse must not end what it watches.
            logger.exception("The pulse of %s could not be felt", program.name)
            return False

    @contextmanager
    def cut_short_after(self, seconds: float) -> Iterator[None]:
        """Raise `NoAnswer` in what is inside after so long, or at a stop signal."""
        signal.setitimer(signal.ITIMER_REAL, seconds)
        self.is_feeling = True
        try:
            yield
        finally:
            self.let_be()

    def let_be(self) -> None:
        self.is_feeling = False
        signal.setitimer(signal.ITIMER_REAL, 0)

    def try_to_start(self, post: Post, now: float) -> None:
        """Start the next run; a machine that has no room for it now is asked again later."""
        self.prepare(post.program)
        try:
            post.run = self.start(post.program, now)
        except (OSError, subprocess.SubprocessError) as reason:
            logger.error("%s could not be started (%s); trying again", post.program.name, reason)
            post.not_before = now + self.patience.longest_pause_seconds

    def prepare(self, program: Program) -> None:
        if program.prepare is None:
            return
        try:
            with self.cut_short_after(self.patience.answer_seconds):
                program.prepare()
        except NoAnswer:
            logger.warning("What %s wants done before its start took too long", program.name)
        except Exception:
            logger.exception("What %s wants done before its start could not be done", program.name)

    def start(self, program: Program, now: float) -> Run:
        """Start one run in a session of its own, so that Ctrl-C reaches us and only us."""
        prepare = die_with(os.getpid())
        process = subprocess.Popen(program.command, start_new_session=True, preexec_fn=prepare)
        logger.info("%s started as process %s", program.name, process.pid)
        return Run(process, now)

    def replace(self, post: Post, run: Run, now: float, why: str) -> None:
        """Sweep the run away and wait before the next: longer each time for a program that cannot stay up."""
        code = run.sweep()
        post.run = None
        has_settled = now - run.started > self.patience.settled_seconds
        longer = 0 if has_settled else post.pause_seconds * 2
        post.pause_seconds = min(
            max(longer, self.patience.first_pause_seconds), self.patience.longest_pause_seconds
        )
        post.not_before = now + post.pause_seconds
        logger.warning("%s %s (code %s); starting it again", post.program.name, why, code)

    def stop(self) -> None:
        """Ask the leaders to finish (a signal to the whole group makes the task queue hang), then sweep."""
        runs = [post.run for post in self.posts if post.run is not None]
        for run in runs:
            run.process.terminate()
        asked = self.stop_requests
        until = time.monotonic() + self.patience.stop_seconds
        # A second Ctrl-C means: now.
        while time.monotonic() < until and self.stop_requests == asked:
            if all(run.has_ended() for run in runs):
                break
            time.sleep(0.05)
        for run in runs:
            run.sweep()


def signal_group(leader: int, number: signal.Signals) -> None:
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return
    except PermissionError:
        # Some systems answer so for a group that holds only an unreaped leader.
        return


def die_with(parent: int) -> Callable[[], None]:
    """What a child does before its program: be told to end when the supervisor dies, even by SIGKILL."""

    def prepare() -> None:
        if LIBC is None:
            return
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            # The supervisor died between fork and prctl.
            os._exit(1)

    return prepare
