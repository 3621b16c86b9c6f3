"""Changes the index key: every row of the phone index is placed anew under a new one."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import clock
from kernel.errors import DomainError
from vault.management.commands.vault_rotate import PATIENCE_SECONDS, WAITS
from vault.rotation import indexing
from vault.rotation.indexing import Changed
from vault.rotation.steps import Run

BATCH = 500


class Command(BaseCommand):
    help = (
        "Change the index key. May be stopped at any moment and run again: it goes on where it stopped. The old key "
        "stays for numbers that are refused, because nobody holds those numbers."
    )
    requires_system_checks = ("vault",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print what was done as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = indexing.change(Run(clock.now, patience_seconds=PATIENCE_SECONDS, batch=BATCH))
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(_as_json(done) if options["json"] else _in_words(done))


def _in_words(done: Changed) -> str:
    said = f"{done.moved:,} rows of the phone index stand under the new key."
    if done.waits_for:
        return f"{said} Not through yet. {WAITS[done.waits_for]} Run it again then."
    if done.kept_for_refusals:
        return f"{said} The old key stays, for refused numbers alone."
    return f"{said} The old key is destroyed."


def _as_json(done: Changed) -> str:
    return json.dumps(
        {
            "moved": done.moved,
            "waits_for": done.waits_for,
            "kept_for_refusals": list(done.kept_for_refusals),
        }
    )
