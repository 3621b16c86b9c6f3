"""`manage.py data_register`: what is held, where, for what and until when; whose keys, and who else sees some of it."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from casework.register import document
from kernel import clock, own_files
from kernel.borrowed import every_borrowed_field_is_classified
from kernel.holdings import every_field_is_classified

FORMATS = {"json": document.as_json, "csv": document.as_csv, "text": document.as_text}


class Command(BaseCommand):
    """Exit codes: 0 done, 1 refused with a sentence on standard error, 2 wrong usage."""

    help = "Print the register of what is held: every field, its class, purpose and term; keys, processors, recipients."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="text, json or csv")
        parser.add_argument("--json", action="store_const", const="json", dest="format", help="--format json")
        parser.add_argument("--out", type=Path, metavar="FILE", help="write here; a file that exists is kept")

    def handle(self, *args: Any, **options: Any) -> None:
        if silent := [*every_field_is_classified(None), *every_borrowed_field_is_classified(None)]:
            self._refuse(f"The register would not be whole: {silent[0].msg} Nothing was written.")
        try:
            register = document.read(by=None, now=clock.now())
        except DatabaseError:
            self._refuse(
                "A database does not answer or has no tables yet. Run manage.py migrate; see /readyz."
            )
        text = FORMATS[options["format"]](register)
        if options["out"] is None:
            self.stdout.write(text, ending="")
        else:
            self._write(options["out"], text)

    def _write(self, path: Path, text: str) -> None:
        try:
            own_files.make(path)
        except OSError as reason:
            self._refuse(f"The file {path.name} could not be made: {reason.strerror}. Nothing was written.")
        path.write_text(text, encoding="utf-8", newline="")

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(1)
