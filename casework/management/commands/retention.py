"""`manage.py retention`: what is due, what is overdue, and one pass over it."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from casework import retention
from casework.retaining import panels, records, wishes
from kernel import clock
from kernel.budgets import WORK_SECONDS


class Command(BaseCommand):
    """Exit codes: 0 nothing is overdue, 1 something is, or could not be deleted; 2 wrong usage."""

    help = "Delete what has been kept for long enough, in one pass; the background worker does so every five minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what is due; touch nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument(
            "--seconds", type=float, default=WORK_SECONDS, help="how long a pass may take (20)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now, wall = clock.now(), clock.wall()
        if options["dry_run"]:
            items = retention.due(now, wall=wall)
        else:
            items = retention.run_if_lived(now, wall=wall, work_seconds=options["seconds"])
        told = {
            "at": now.isoformat(),
            "dry_run": options["dry_run"],
            "items": [asdict(item) for item in items],
            "studies_within_30_days": [
                {"study": term.code, "due_at": term.due_at.isoformat() if term.due_at else None}
                for term in panels.panels_due_soon(now)
            ],
            "wishes_for_a_person": wishes.wishes_waiting(now).count(),
            "trail_lines_past_their_term": records.old_lines(now),
        }
        self.stdout.write(json.dumps(told, indent=1) if options["json"] else _as_text(told))
        if not all(item.is_well for item in items):
            self.stderr.write("Some of it is overdue or could not be deleted; the log says which.")
            sys.exit(1)


def _as_text(told: dict[str, Any]) -> str:
    lines = [
        f"{item['name']} ({item['retention']}): {item['due']} due, {item['overdue']} overdue, "
        f"{item['done']} done, {item['failed']} failed"
        for item in told["items"]
    ]
    lines += [
        f"{one['study']}: contact data goes on {one['due_at'][:10]}" for one in told["studies_within_30_days"]
    ]
    lines.append(
        f"{told['wishes_for_a_person']} wishes to be erased wait for a person; "
        f"{told['trail_lines_past_their_term']} lines of the trail are past their term and stay"
    )
    return "\n".join(lines)
