"""`manage.py backup DIR`: both databases into a new folder, each with its manifest; never the keys."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from config.backups.making import backup
from kernel import clock
from kernel.errors import DomainError


class Command(BaseCommand):
    """Exit codes: 0 done, 1 refused with a sentence on standard error, 2 wrong usage."""

    help = "Copy both databases into a new folder, DIR/main and DIR/vault; keep the two in different places."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, metavar="DIR", help="a folder that is new or empty")
        parser.add_argument("--json", action="store_true", help="print the manifests as one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = backup(folder=options["dir"], now=clock.now())
        except DomainError as refusal:
            self.stderr.write(str(refusal))
            sys.exit(1)
        if options["json"]:
            self.stdout.write(json.dumps({"manifests": [asdict(one) for one in made]}, indent=1))
            return
        for one in made:
            self.stdout.write(
                f"{one.database}: {sum(one.rows.values())} rows, {one.bytes} bytes, sha256 {one.sha256}"
            )
        self.stdout.write(
            "Move the two sub-folders to different places. The keys are in neither, and belong to neither."
        )
