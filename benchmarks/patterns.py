"""What there is of one person, in both databases, as a pattern that copies are made after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections, models

from followups.models import FollowUp
from followups.models.follow_ups import UNFINISHED
from tracker.models import Respondent
from vault import deks
from vault.buckets import PHONE
from vault.deks import Deks
from vault.fields import SealedField
from vault.models import PhoneBucket, SubjectKey
from vault.unsealing import plaintext_of

MADE = {Respondent: ("code",), SubjectKey: ("kek_id", "wrapped"), PhoneBucket: ("bucket", "bits")}
"""What is worked out for each copy, beside ids and what is sealed."""

Models = Sequence[type[models.Model]]


@dataclass(frozen=True, slots=True)
class Sealing:
    """What is sealed in a column: the place of its row's id, the label, and the text; None is the person's number."""

    row: int
    label: str
    text: bytes | None


@dataclass(frozen=True, slots=True, eq=False)
class Mould:
    """One row: its columns as the driver takes them, and what is new in a copy, each with its place in the row.

    `moved` are moments that differ from copy to copy: of a million people no two windows close in the same second.
    """

    alias: str
    table: str
    columns: tuple[str, ...]
    constants: tuple[Any, ...]
    ids: tuple[tuple[int, int], ...]
    made: tuple[tuple[int, str], ...]
    sealed: tuple[tuple[int, Sealing], ...]
    moved: tuple[tuple[int, datetime], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """All rows of one person, and how many ids are theirs alone; the first is the respondent's."""

    ids: int
    moulds: tuple[Mould, ...]


def pattern_of(respondent: Respondent, only: Models = (), without: Models = ()) -> Pattern:
    """Every row that concerns somebody, of these models or of all but some."""
    rows = _rows_about(respondent, [model for model in apps.get_models() if model not in without])
    ids = {respondent.pk: 0}
    for row in rows:
        for value in _own_ids(row):
            ids.setdefault(value, len(ids))
    keys = deks.load([respondent.pk])
    wanted = [row for row in rows if not only or isinstance(row, tuple(only))]
    return Pattern(len(ids), tuple(_mould(row, ids, keys) for row in wanted))


def _rows_about(respondent: Respondent, among: Models) -> list[models.Model]:
    """Rows that name the person, rows that name those, and so on until nothing is added."""
    known, found = {respondent.pk}, dict[tuple[type[models.Model], Any], models.Model]()
    before = -1
    while len(found) != before:
        before = len(found)
        for model in among:
            for field in _uuids(model):
                for row in model._base_manager.filter(**{f"{field.attname}__in": list(known)}):
                    found[model, row.pk] = row
        known |= {value for row in found.values() for value in _own_ids(row)}
    return list(found.values())


def _uuids(model: type[models.Model]) -> list[Any]:
    """The columns that hold ids, of this row or of others."""
    fields = [(field, field.target_field if field.is_relation else field) for field in _columns(model)]
    return [field for field, target in fields if isinstance(target, models.UUIDField)]


def _columns(model: type[models.Model]) -> list[Any]:
    return list(model._meta.local_concrete_fields)


def _own_ids(row: models.Model) -> list[UUID]:
    """The ids that nobody else may have: its key, and what is unique beside it."""
    own = [field for field in _uuids(type(row)) if field.unique and not field.is_relation]
    return [value for field in own if (value := getattr(row, field.attname)) is not None]


def _mould(row: models.Model, ids: dict[UUID, int], keys: Deks) -> Mould:
    model = type(row)
    connection = connections["vault" if model._meta.app_label == "vault" else "default"]
    fields = [field for field in _columns(model) if not isinstance(field, models.AutoField)]
    cells = [(place, field, getattr(row, field.attname)) for place, field in enumerate(fields)]
    return Mould(
        alias=connection.alias,
        table=model._meta.db_table,
        columns=tuple(field.column for field in fields),
        constants=tuple(field.get_db_prep_save(value, connection) for _place, field, value in cells),
        ids=tuple(
            (place, ids[value]) for place, _field, value in cells if isinstance(value, UUID) and value in ids
        ),
        made=tuple(
            (place, field.column) for place, field, _value in cells if field.column in MADE.get(model, ())
        ),
        sealed=tuple(
            (place, _sealing(field, value, ids[row.pk], keys))
            for place, field, value in cells
            if isinstance(field, SealedField) and value is not None
        ),
        moved=tuple((place, value) for place, field, value in cells if _moves(row, field)),
    )


def _moves(row: models.Model, field: Any) -> bool:
    return isinstance(row, FollowUp) and row.state in UNFINISHED and field.column == "closes_at"


def _sealing(field: SealedField, value: Any, row: int, keys: Deks) -> Sealing:
    return Sealing(row, field.label, None if field.label == PHONE else plaintext_of(value, keys))
