"""Changes the epoch key: everything is wrapped under a new one, and the old one is destroyed."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import clock
from kernel.errors import DomainError
from vault import rotating
from vault.rotating import Progress, Rotated, Run, Step, Wait
from vault.rotation.rewrapping import BATCH

PATIENCE_SECONDS = 180
SAY_EVERY_SECONDS = 1.0

WORDS = {
    Step.ANNOUNCE: "A key that was put there by hand is taken on.",
    Step.PUT_BACK: "An older key file was put there; the newest key wraps again.",
    Step.PROMOTE: "The new key wraps from now on.",
    Step.DROP: "A key that was destroyed is there again, and is destroyed again.",
    Step.REWRAP: "People's keys are wrapped under the new key.",
    Step.FINISH: "A copy of the vault is made and opened; then the old key is destroyed.",
    Step.WITHDRAW: "A key that was announced and never came is forgotten.",
    Step.SWITCH: "Every running process has to read the new key.",
    Step.ADD: "A new key is made.",
}
WAITS = {
    Wait.TIME: "There was no time for more.",
    Wait.PROCESSES: "Some processes have not read the new key yet.",
    Wait.RECOVERY: (
        "The recovery files have to be taken off this machine and acknowledged: manage.py vault_recovery_acknowledge."
    ),
}


class Command(BaseCommand):
    help = (
        "Change the epoch key. May be stopped at any moment and run again: it goes on where it stopped. Nothing is "
        "destroyed before a copy of the vault was opened without it."
    )
    requires_system_checks = ("vault",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print what was done as one line of JSON")
        parser.add_argument("--batch", type=int, default=BATCH, help="keys wrapped in one transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        self.is_quiet, self.said_at = options["json"], 0.0
        run = Run(clock.now, patience_seconds=PATIENCE_SECONDS, say=self.say, batch=options["batch"])
        try:
            done = rotating.rotate(run)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(_as_json(done) if options["json"] else _in_words(done))

    def say(self, progress: Progress) -> None:
        if self.is_quiet:
            return
        if not progress.of:
            self.stdout.write(WORDS[progress.step])
        elif progress.done == progress.of or time.monotonic() - self.said_at > SAY_EVERY_SECONDS:
            self.said_at = time.monotonic()
            self.stdout.write(_counted(progress))


def _counted(progress: Progress) -> str:
    if progress.step == Step.SWITCH:
        return f"  {progress.of} processes have not read it yet"
    speed = f", {progress.per_second:,.0f} a second" if progress.per_second else ""
    return f"  {progress.done:,} of {progress.of:,}{speed}"


def _in_words(done: Rotated) -> str:
    if done.waits_for:
        return f"Not through yet. {WAITS[done.waits_for]} Nothing is lost; run it again then."
    return "The keys are changed. What was erased before is final now."


def _as_json(done: Rotated) -> str:
    return json.dumps(
        {"through": done.is_through, "steps": list(done.steps), "waits_for": done.waits_for or None}
    )
