"""The register as one document, and as the text and the table that leave from it."""

import csv
import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from io import StringIO
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from audit import trail
from audit.actions import Action
from casework.register.fields import Line, Table, lines, tables
from casework.register.parties import Key, Party, keys, parties
from casework.retaining.terms import TERMS
from kernel.cells import cell

NOT_HELD = (
    "names, addresses, coordinates of places, numbers of documents, dates of birth, phone numbers of staff"
)


@dataclass(frozen=True, slots=True)
class Register:
    """All of it, at one moment."""

    at: datetime
    lines: list[Line]
    tables: list[Table]
    keys: list[Key]
    parties: list[Party]


@transaction.atomic
def read(*, by: User | None, now: datetime) -> Register:
    """The register as it is now, after the trail was told who looks; `by` None is the command."""
    trail.record(Action.REGISTER_READ, by=by, at=now)
    return Register(now, lines(), tables(), keys(), parties())


def as_json(register: Register) -> str:
    """Everything, as one JSON document."""
    return json.dumps(
        {
            "at": register.at.isoformat(),
            "not_held": NOT_HELD,
            "databases": _databases(),
            "retention": {one.value: asdict(term) for one, term in TERMS.items()},
            "keys": [asdict(key) for key in register.keys],
            "parties": [
                {**asdict(party), "until": party.until.isoformat() if party.until else None}
                for party in register.parties
            ],
            "tables": [asdict(table) for table in register.tables],
            "fields": [asdict(line) for line in register.lines],
        },
        indent=1,
        ensure_ascii=False,
    )


def as_csv(register: Register) -> str:
    """One line a field."""
    rows = {(table.database, table.table): table.rows for table in register.tables}
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*(one.name for one in fields(Line)), "rows"])
    for line in register.lines:
        values = [*asdict(line).values(), rows.get((line.database, line.table))]
        writer.writerow([cell(value) for value in values])
    return out.getvalue()


def as_text(register: Register) -> str:
    """For reading on a terminal: parties, keys, terms, then each table with its fields."""
    told = [
        f"What is held, {register.at:%Y-%m-%d %H:%M} UTC. Not held at all: {NOT_HELD}.",
        "",
        *(f"{one.role}: {one.name} · {one.what}{_until(one)}" for one in register.parties),
        "",
        *(f"{key.kind} {key.name}: {key.state}, held by {key.held_by}" for key in register.keys),
        "",
        *(f"{name.value}: after {term.after}: {term.then}" for name, term in TERMS.items()),
    ]
    for table in register.tables:
        told += ["", f"{table.table} ({table.database}): {table.rows} rows"]
        told += [_field(line) for line in register.lines if line.table == table.table]
    return "\n".join(told) + "\n"


def _field(line: Line) -> str:
    sealed = ", sealed" if line.is_sealed else ""
    return (
        f"  {line.field}: {line.purpose} · {line.data_class} ({line.sensitivity}){sealed} · {line.retention}"
    )


def _until(party: Party) -> str:
    return f", agreement until {party.until}" if party.until else ""


def _databases() -> list[dict[str, Any]]:
    """Each alias with its kind; a server is named, a file is not."""
    return [
        {
            "alias": alias,
            "kind": one["ENGINE"].rsplit(".", 1)[-1],
            "host": str(one.get("HOST") or "this machine"),
        }
        for alias, one in settings.DATABASES.items()
    ]
