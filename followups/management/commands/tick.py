"""`manage.py tick`: one background pass."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from followups.ticking.tick import tick
from kernel import clock


class Command(BaseCommand):
    help = "One background pass: opens windows, releases claims, looks, closes, counts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", type=_moment, default=None, metavar="ISO", help="as if it were this moment"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        moved = tick(options["at"] or clock.now())
        self.stdout.write(" ".join(f"{name}={count}" for name, count in moved.items()))


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None or moment.tzinfo is None:
        raise CommandError(
            f"“{text}” is not a moment with a zone, such as 2026-11-22T08:00:00+00:00.", returncode=2
        )
    return moment
