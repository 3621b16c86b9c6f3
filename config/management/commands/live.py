"""Lets time run in the synthetic demo, with simulated staff at work, until Ctrl-C."""

import logging
import math
import signal
import threading
import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo.content import ROLES_SHOWN
from config.demo.live import Live, begin, the_only_one
from kernel.errors import DomainError

LOOK_SECONDS, TELL_SECONDS = 0.5, 10
FASTEST = 300
SHOWN = ", ".join(username for _role, username in ROLES_SHOWN)


class Command(BaseCommand):
    """Exit codes: 0 done, 1 refused with a sentence on standard error, 2 wrong usage."""

    help = "Let time run in the demo, with simulated staff at work, so that queue, curves and inbox move."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--speed", type=_speed, default=60, help="times as fast as the wall's clock (60)")
        parser.add_argument(
            "--for-minutes", type=_minutes, default=math.inf, help="end after so many (never)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.RECONTACT_DEMO:
            raise CommandError(
                "This is not a demo, so its time is left alone. Nothing was changed. For the demo: make demo",
                returncode=1,
            )
        # A tick says a line a minute, and here minutes pass each second.
        logging.getLogger("followups.ticking").setLevel(logging.WARNING)
        try:
            with the_only_one():
                self._run(options["speed"], options["for_minutes"] * 60)
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal

    def _run(self, speed: int, seconds: float) -> None:
        live = begin(speed)
        self.stdout.write(
            f"Time runs up to {speed} times faster, with {len(live.staff)} simulated staff at work. "
            f"{SHOWN} are left to visitors. Ctrl-C ends it."
        )
        try:
            with stopped_by_signals() as stopped:
                self._look_after(live, stopped, time.monotonic() + seconds)
        finally:
            at = live.stop()
        self.stdout.write(f"{line(live, at)}\nTime goes on at its ordinary speed from there.")

    def _look_after(self, live: Live, stopped: threading.Event, until: float) -> None:
        told = time.monotonic()
        while not stopped.is_set() and time.monotonic() < until:
            live.look()
            if time.monotonic() - told >= TELL_SECONDS:
                told = time.monotonic()
                self.stdout.write(f"{line(live, live.worked_until)} · {pace(live)}")
            stopped.wait(LOOK_SECONDS)


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C and the like set, so that whatever is being written is finished first."""
    stopped = threading.Event()
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {one: signal.signal(one, lambda *_: stopped.set()) for one in signals}
    try:
        yield stopped
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def line(live: Live, at: datetime) -> str:
    """How far it is, and what came in since it began."""
    came = live.tally()
    return (
        f"{moment(at)} · calls {came.calls} · reached {came.reached} · interviews {came.interviews} · "
        f"requests {came.requests}"
    )


def pace(live: Live) -> str:
    """How fast time goes, and why where that is not as fast as wanted."""
    if live.is_visited:
        return "a visitor is in a call: time goes at its ordinary speed"
    if live.speed < live.wanted:
        return f"this machine falls behind: {live.speed} times faster instead of {live.wanted}"
    return f"{live.speed} times faster"


def moment(at: datetime) -> str:
    return f"{at:%a %d %B, %H:%M} UTC"


def _speed(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= FASTEST:
        raise ArgumentTypeError(f"a number from 1 to {FASTEST}")
    return int(text)


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0
    if not minutes > 0:
        raise ArgumentTypeError("a number above 0")
    return minutes
