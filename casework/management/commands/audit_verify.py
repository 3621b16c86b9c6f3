"""Verifies the trail against its seals, and against anchors that were kept elsewhere."""

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from audit import anchors, verifying
from audit.canonical import Mac
from audit.verifying import Report
from casework.trail_upkeep import audit_mac
from kernel import clock
from kernel.errors import DomainError
from vault.errors import VaultError


class Command(BaseCommand):
    help = "Check every event of the trail against its seals. Exit 0 only when everything was checked and is well."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            metavar="FILE",
            help="the manifest of a backup or an export, or the eight words of a day in quotes; may be repeated",
        )
        parser.add_argument("--json", action="store_true", help="print the report as one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when all is well, 1 with sentences when not."""
        try:
            known = [anchors.read(_content(given)) for given in options["anchor"]]
        except DomainError as refusal:
            self.stderr.write(str(refusal))
            sys.exit(1)
        began, now = time.monotonic(), clock.now()
        report = verifying.verify(mac=_mac(), now=now, anchors=known)
        per_second = round(report.events / max(time.monotonic() - began, 0.001))
        verifying.told(report, now=now)
        self.stdout.write(_as_json(report, per_second) if options["json"] else _as_text(report, per_second))
        if not report.is_well:
            sys.exit(1)


def _mac() -> Mac | None:
    try:
        return audit_mac()
    except VaultError:
        return None


def _content(given: str) -> str:
    """What a file holds; words are taken as they are."""
    path = Path(given)
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else given
    except (OSError, UnicodeDecodeError):
        return ""


def _as_json(report: Report, per_second: int) -> str:
    said = {
        "is_well": report.is_well,
        "seals": report.seals,
        "events": report.events,
        "unsealed": report.tail,
        "unsealed_since": report.tail_since.isoformat() if report.tail_since else None,
        "findings": [{**one.as_detail(), "sentence": str(one)} for one in report.findings],
        "events_per_second": per_second,
    }
    return json.dumps(said, indent=1)


def _as_text(report: Report, per_second: int) -> str:
    lines = [
        *(str(one) for one in report.findings),
        _("%(events)s events under %(seals)s seals were checked, %(rate)s events a second.")
        % {"events": report.events, "seals": report.seals, "rate": per_second},
        _tail(report),
        _("All is well.") if report.is_well else _("All is not well."),
    ]
    return "\n".join(lines)


def _tail(report: Report) -> str:
    if report.tail_since is None:
        return _("No event waits for its seal.")
    return _("%(n)s events wait for their seal, the oldest since %(at)s.") % {
        "n": report.tail,
        "at": report.tail_since.isoformat(timespec="seconds"),
    }
