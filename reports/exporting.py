"""A part of the trail taken out: a table, and beside it a manifest that says what it is and anchors it."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import anchors, trail
from audit.actions import Action
from audit.canonical import Row, as_json
from kernel.cells import cell
from kernel.errors import DomainError
from reports.events import Asked, asked_for

MOST = 50_000
COLUMNS = (*Row._fields, "who")
TABLE, MANIFEST = "trail.csv", "manifest.json"


@transaction.atomic
def take_out(*, asked: Asked, by: User, now: datetime) -> bytes:
    """The events asked for, oldest first, as a zip of `trail.csv` and `manifest.json`; taking them out is an event.

    Raises `too_much_to_take_out` beyond 50,000. Nothing in a cell begins a formula.
    """
    events = asked_for(asked).order_by("pk")
    how_many = events[: MOST + 1].count()
    if how_many > MOST:
        raise DomainError(
            "too_much_to_take_out",
            _("This is more than %(most)s events at once.") % {"most": f"{MOST:,}"},
            kept=_("Nothing was taken out."),
            next_step=_("Choose fewer days, or one kind of event."),
        )
    table = _table(map(Row._make, events.values_list(*Row._fields).iterator(chunk_size=2000)))
    manifest = _manifest(asked, table, how_many, by, now)
    trail.record(
        Action.TRAIL_EXPORTED,
        by=by,
        at=now,
        audit_ref=asked.audit_ref,
        detail={"rows": how_many, **_filters(asked)},
    )
    return _zipped({TABLE: table, MANIFEST: json.dumps(manifest, indent=1).encode()})


def _table(rows: Iterable[Row]) -> bytes:
    # With a mark of its encoding, or spreadsheets take names and notes for another one.
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_lines(rows))
    return out.getvalue().encode("utf-8-sig")


def _lines(rows: Iterable[Row]) -> Iterator[list[str]]:
    names = dict(User.objects.values_list("pk", "display_name"))
    for row in rows:
        plain = row._replace(at=row.at.isoformat(), detail=as_json(row.detail).decode())  # type: ignore[arg-type]
        yield [cell(value) for value in (*plain, names.get(row.actor_id, "") if row.actor_id else "")]


def _manifest(asked: Asked, table: bytes, how_many: int, by: User, now: datetime) -> dict[str, Any]:
    anchor = anchors.latest()
    return {
        "what": "a part of the trail of Recontact",
        "taken_out_at": now.isoformat(),
        "taken_out_by": str(by.pk),
        "filters": _filters(asked) | ({"about": str(asked.audit_ref)} if asked.audit_ref else {}),
        "rows": how_many,
        "columns": list(COLUMNS),
        "sha256": {TABLE: sha256(table).hexdigest()},
        "anchor": anchor.as_manifest() if anchor else None,
    }


def _filters(asked: Asked) -> dict[str, str]:
    """What it was narrowed to; the person it is about is named by the event itself, and in the manifest."""
    said = {
        "action": asked.action.value if asked.action else None,
        "user": str(asked.actor.pk) if asked.actor else None,
        "starts": asked.starts.isoformat() if asked.starts else None,
        "ends": asked.ends.isoformat() if asked.ends else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
