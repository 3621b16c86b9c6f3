"""Every field of every table, ours and those of libraries, with what was declared of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connections, models, router

from casework.retaining.terms import TERMS
from kernel.borrowed import BORROWED, CACHE, Holding
from kernel.holdings import FIRST_PARTY, SENSITIVITY, DataClass, Retention, fields_of
from vault.fields import SealedField

NOT_SAID = (DataClass.OPERATIONAL, "link of a list to its row", Retention.STUDY)
"""Fields Django makes by itself: row numbers and the two ends of a link."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of one table. Never a value."""

    room: str
    table: str
    field: str
    what: str
    data_class: str
    sensitivity: str
    purpose: str
    retention: str
    retention_days: int | None
    database: str
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One table: in which database, and how many rows."""

    room: str
    table: str
    database: str
    rows: int | None


def lines() -> list[Line]:
    """One line for each field of each installed table, and of the cache table."""
    found = [_line(model, field) for model in _tables() for field in fields_of(model)]
    return [*found, *_cache_lines()]


def tables() -> list[Table]:
    """Each table with its rows; None where the table cannot be counted."""
    found = [
        Table(model._meta.app_label, model._meta.db_table, _database(model), _rows(model))
        for model in _tables()
    ]
    return [*found, Table("cache", _cache_name(), "default", _rows_of_cache())] if _cache_name() else found


def _tables() -> Iterator[type[models.Model]]:
    """Those of the rooms first, in the order they are installed."""
    installed = [model for model in apps.get_models() if not model._meta.proxy and model._meta.managed]
    ours = [model for model in installed if model._meta.app_label in FIRST_PARTY]
    return iter([*ours, *(model for model in installed if model not in ours)])


def holding_of(model: type[models.Model], field: Any) -> Holding:
    """Class, purpose and retention of a field; a system check has seen to it that there is one."""
    borrowed = BORROWED.get(model._meta.label)
    if borrowed:
        return borrowed.holding_of(field.name) or NOT_SAID
    return getattr(field, "holding", NOT_SAID)


def _line(model: type[models.Model], field: Any) -> Line:
    return _said(
        holding_of(model, field),
        room=model._meta.app_label,
        table=model._meta.db_table,
        field=field.name,
        what=str(field.verbose_name if hasattr(field, "verbose_name") else field.name),
        database=_database(model),
        is_sealed=isinstance(field, SealedField),
    )


def _cache_lines() -> list[Line]:
    return [
        _said(
            CACHE.holding_of(name) or NOT_SAID,
            room="cache",
            table=_cache_name(),
            field=name,
            what=name,
            database="default",
            is_sealed=False,
        )
        for name in (CACHE.fields if _cache_name() else ())
    ]


def _said(holding: Holding, *, is_sealed: bool, **where: str) -> Line:
    data_class, purpose, retention = holding
    return Line(
        **where,
        data_class=data_class.value,
        sensitivity=SENSITIVITY[data_class].value,
        purpose=purpose,
        retention=retention.value,
        retention_days=TERMS[retention].days,
        is_sealed=is_sealed,
    )


def _database(model: type[models.Model]) -> str:
    return router.db_for_read(model) or "default"


def _rows(model: type[models.Model]) -> int | None:
    try:
        return int(model._base_manager.using(_database(model)).count())
    except DatabaseError:
        return None


def _cache_name() -> str:
    return str(settings.CACHES["marks"].get("LOCATION", ""))


def _rows_of_cache() -> int | None:
    connection = connections["default"]
    if _cache_name() not in connection.introspection.table_names():
        return None
    with connection.cursor() as cursor:
        # The name of the table comes from the settings, not from anybody's input.
        cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(_cache_name())}")  # noqa: S608  # nosec B608
        return int(cursor.fetchone()[0])
