"""`manage.py learn`: make a contact model now, and everybody's outlook by it."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from followups.outlooks.foreseeing import choose_all
from followups.outlooks.making import is_on
from kernel import clock

MOST_PROCESSES = 8


class Command(BaseCommand):
    """Does in one go what the background worker does every night in slices."""

    help = "Learn anew when people are reached, and work out everybody's outlook."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=2, help="how many share the work (1 to 8)")
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["processes"] <= MOST_PROCESSES:
            raise CommandError(f"Between 1 and {MOST_PROCESSES} processes.", returncode=2)
        if not is_on():
            raise CommandError("The contact model is switched off (CONTACT_MODEL). Nothing was done.")
        chosen = choose_all(clock.now(), processes=options["processes"])
        if options["json"]:
            self.stdout.write(json.dumps(asdict(chosen)))
            return
        self.stdout.write(
            f"{chosen.people} outlooks in {chosen.seconds:.1f} s, {chosen.peak_bytes / 2**20:.0f} MiB at most"
        )
