"""Working through due rows: a batch a transaction, and one bad row never stops the others."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import OperationalError, connection, models, transaction

from followups.models import FollowUp
from followups.models.follow_ups import FollowUps
from kernel.budgets import Keep
from kernel.statements import statement

log = logging.getLogger(__name__)

BATCH = 200
"""Rows a transaction: well under the 2,000 of the design, so that a claim on SQLite never waits long."""

Row = TypeVar("Row", bound=models.Model)
Work = Callable[[list[FollowUp]], object]


class Due:
    """The rows that a pass is about, told by the moment; `rows` makes the queryset and may not look at it.

    `since` is the column that makes them due, and the order of an index: by that the first ones are found at once. A
    planner that thinks many are due reads all there are until it has some, in any other order or in none.
    """

    def __init__(self, rows: Callable[[datetime], FollowUps], since: str) -> None:
        self.rows = rows
        most = BATCH
        self._any = statement(lambda now: rows(now).order_by(since).values_list("pk")[:1])
        self._some = statement(
            lambda now, without: _locked(rows(now).exclude(pk__in=without)).order_by(since)[:most]
        )

    def is_any(self, now: datetime) -> bool:
        return bool(self._any(now))

    def batch(self, now: datetime, without: Sequence[UUID]) -> list[FollowUp]:
        """The next rows, locked; those that somebody else has locked are left for another time."""
        return sorted(self._some(now, without)[:BATCH], key=lambda row: row.pk)

    def one(self, now: datetime, pk: UUID) -> list[FollowUp]:
        """That row, if it is still due and nobody has it."""
        return list(_locked(self.rows(now).filter(pk=pk)))


class Owed(Due):
    """The same of rows that a pass has found out by itself."""

    def __init__(self, rows: FollowUps) -> None:
        self.found = rows
        super().__init__(lambda now: rows, since="pk")

    def is_any(self, now: datetime) -> bool:
        return self.found.exists()

    def batch(self, now: datetime, without: Sequence[UUID]) -> list[FollowUp]:
        return list(_locked(self.found.exclude(pk__in=without))[:BATCH])


def each(rows: Sequence[Row], work: Callable[[Row], bool]) -> int:
    """Do `work` on each row in a transaction of its own; of how many it said yes. One that fails is logged."""
    done = 0
    for row in rows:
        try:
            with transaction.atomic():
                done += work(row)
        except OperationalError:
            raise
        except Exception:
            log.exception("%s %s failed", row._meta.model_name, row.pk)
    return done


def in_batches(due: Due, now: datetime, keep: Keep, work: Work) -> int:
    """Do `work` on the due rows; how many it was done on. The rows are the cursor: what is done is no longer due.

    A batch that fails is done again row by row; a row that fails is left out of this pass, logged and counted.
    """
    done, failed = 0, list[UUID]()
    # Asked without a transaction: most of the time nothing is due, and nobody has to wait for that answer.
    while keep() and due.is_any(now):
        taken = _a_batch(due, now, work, failed)
        done += taken
        if taken < BATCH:
            break
    if failed:
        log.error("%s rows failed in this pass", len(failed))
    return done - len(failed)


def _a_batch(due: Due, now: datetime, work: Work, failed: list[UUID]) -> int:
    rows: list[FollowUp] = []
    try:
        with transaction.atomic():
            rows = due.batch(now, failed)
            if rows:
                work(rows)
    except OperationalError:
        # The database itself is away or busy: nothing about these rows, and the next tick finds them still due.
        raise
    except Exception:
        if not rows:
            raise
        log.exception("a batch failed and is done again row by row")
        _one_by_one(due, now, [row.pk for row in rows], work, failed)
    return len(rows)


def _one_by_one(due: Due, now: datetime, pks: Sequence[UUID], work: Work, failed: list[UUID]) -> None:
    for pk in pks:
        try:
            with transaction.atomic():
                rows = due.one(now, pk)
                if rows:
                    work(rows)
        except Exception:
            log.exception("follow-up %s failed", pk)
            failed.append(pk)


def _locked(due: FollowUps) -> FollowUps:
    rows: Any = due.with_facts().order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return rows
