"""Loads the synthetic study, or tells where it is and how to sign in."""

import logging
import os
import time
from argparse import ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo import loading
from config.demo.content import PASSWORD, ROLES_SHOWN
from config.demo.people import MOST_RESPONDENTS
from kernel import clock
from kernel.errors import DomainError

RULE = "=" * 72


class Command(BaseCommand):
    """Exit codes: 0 done, 1 refused with a sentence on standard error, 2 wrong usage."""

    help = "Load a synthetic panel with a history into an empty demo, or announce the one that is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--respondents", type=_how_many, default=60, help="how many people to invent (60)"
        )
        parser.add_argument("--seed", type=int, default=1, help="another seed invents other people (1)")
        parser.add_argument("--announce", action="store_true", help="only say where it is and how to sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.RECONTACT_DEMO:
            raise CommandError(
                "This is not a demo, so no invented people are brought in. Nothing was changed. "
                "For the demo: make demo",
                returncode=1,
            )
        if options["announce"]:
            self._announce()
        else:
            self._load(options["respondents"], options["seed"])

    def _announce(self) -> None:
        port = os.environ.get("PORT", "8000")
        lines = [
            RULE,
            "ALL DATA IS SYNTHETIC. Nobody in it exists; the numbers are kept for fiction.",
            "Do not enter anything about a real person here.",
            RULE,
            f"http://127.0.0.1:{port}/",
            *(f"{role}: {username} / {PASSWORD}" for role, username in ROLES_SHOWN),
            "Ctrl-C stops it. What you record is kept; make reset starts over.",
        ]
        self.stdout.write("\n".join(lines))

    def _load(self, respondents: int, seed: int) -> None:
        # A tick says a line a minute; months of them are lived through here in seconds.
        logging.getLogger("followups.ticking").setLevel(logging.WARNING)
        started = time.monotonic()
        self.stdout.write("Loading the synthetic study ...")
        try:
            loaded = loading.load(respondents=respondents, seed=seed, now=clock.now())
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        self.stdout.write(
            f"{loaded.respondents} respondents, {loaded.staff} staff, {loaded.attempts} attempts, "
            f"{loaded.interviews} interviews, {loaded.owed} owed now, {loaded.ready} ready to call, "
            f"{loaded.events} events in the trail; {time.monotonic() - started:.0f} s"
        )


def _how_many(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_RESPONDENTS:
        raise ArgumentTypeError(f"a number from 1 to {MOST_RESPONDENTS}")
    return int(text)
