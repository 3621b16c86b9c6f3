"""Reads a call list in; docs/IMPORT.md explains the mapping and the report."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.models import User
from casework.importing import import_cases
from kernel import clock
from kernel.errors import DomainError
from tracker.models import Study


class Command(BaseCommand):
    help = "Read a call list in and enrol the people in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the list, CSV in UTF-8")
        parser.add_argument("--study", required=True, metavar="CODE", help="code of the study")
        parser.add_argument(
            "--by", required=True, metavar="USER", help="username of the coordinator who imports"
        )
        parser.add_argument(
            "--mapping", required=True, type=Path, metavar="MAP.toml", help="what each column is"
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything and write nothing")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when the list was read, 1 with a sentence when it was refused as a whole."""
        try:
            report = import_cases(
                content=_content(options["file"]),
                mapping_text=_content(options["mapping"]).decode("utf-8", errors="replace"),
                study=_study(options["study"]),
                by=_user(options["by"]),
                now=clock.now(),
                is_dry_run=options["dry_run"],
            )
        except DomainError as refusal:
            self.stderr.write(str(refusal))
            sys.exit(1)
        if options["dry_run"] and not options["json"]:
            self.stdout.write(_("A dry run: nothing was written. The list would give this:"))
        self.stdout.write(report.as_json() if options["json"] else report.as_text())


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as unreadable:
        raise DomainError(
            "file_unreadable",
            _("The file %(name)s cannot be read: %(why)s.") % {"name": path.name, "why": unreadable.strerror},
            kept=_("Nothing was imported."),
        ) from None


def _study(code: str) -> Study:
    study = Study.objects.filter(code=code).first()
    if study is None:
        codes = ", ".join(Study.objects.open().values_list("code", flat=True))
        raise DomainError(
            "unknown_study",
            _("There is no study with the code %(code)s. Open studies: %(codes)s.")
            % {"code": code, "codes": codes},
            kept=_("Nothing was imported."),
        )
    return study


def _user(username: str) -> User:
    user = User.objects.working().filter(username=username).first()
    if user is None:
        raise DomainError(
            "unknown_user",
            _("Nobody with the username %(username)s has an open account.") % {"username": username},
            kept=_("Nothing was imported."),
        )
    return user
