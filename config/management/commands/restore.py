"""`manage.py restore DIR --into both|main|vault`: a backup put back into the databases that the settings name."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from config.backups.restoring import BY_CHOICE, Restored, restore
from kernel import clock
from kernel.errors import DomainError


class Command(BaseCommand):
    """Exit codes: 0 all is well, 1 refused or something still has to be done, 2 wrong usage."""

    help = "Verify a backup, then put it back: what --into names, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, metavar="DIR", help="the folder that manage.py backup made")
        parser.add_argument(
            "--into",
            required=True,
            choices=sorted(BY_CHOICE),
            help="main and vault name the database of the settings; main fits beside a vault of any later day",
        )
        parser.add_argument(
            "--force-empty-first", action="store_true", help="what is in these databases now is lost"
        )
        parser.add_argument(
            "--take-unproven", action="store_true", help="also a copy made while the vault was locked"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = restore(
                folder=options["dir"],
                into=options["into"],
                force_empty_first=options["force_empty_first"],
                take_unproven=options["take_unproven"],
                now=clock.now(),
                wall=clock.wall(),
            )
        except DomainError as refusal:
            self.stderr.write(str(refusal))
            sys.exit(1)
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(done), "is_well": done.is_well}, indent=1, default=str))
        else:
            self.stdout.write("\n".join(_told(done)))
        if not done.is_well:
            self.stderr.write(
                "It was put back, and something still has to be done before anybody works with it."
            )
            sys.exit(1)


def _told(done: Restored) -> list[str]:
    lines = [f"Put back as of {done.made_at:%Y-%m-%d %H:%M} UTC: {', '.join(done.databases)}."]
    if done.keys_are_there is None:
        lines.append("The vault is locked or has no keys, so nobody can tell yet whether its copy opens.")
    elif "vault" in done.databases:
        lines.append("The key provider holds every key that the copy of the vault needs.")
    if not done.fits_counts:
        lines.append("The rows are not as many as the manifest says.")
    if not done.is_trail_untouched:
        lines.append("The trail in it does not fit its seals: it was changed outside Recontact.")
    return [*lines, *_people(done)]


def _people(done: Restored) -> list[str]:
    again = done.erased_again
    if again is None:
        return []
    told = f"{again.without_key} people have no key any more."
    if again.is_done:
        told = f"{again.without_key} people had been erased since, and were erased again."
    else:
        told += (
            " These are too many to have been erased: this vault belongs to another panel. Nobody was erased."
        )
    since = f"{done.made_at:%Y-%m-%d}"
    stops = f"What was said since is not in it: record every stop since {since} before anybody calls."
    return [told, stops, "Now run manage.py audit_verify."]
