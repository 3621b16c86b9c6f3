"""Working through due rows: a batch a transaction, and one bad row never stops the others."""

import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from followups.models import FollowUp
from followups.models.follow_ups import FollowUps

log = logging.getLogger(__name__)

BATCH = 200
"""Rows a transaction: well under the 2,000 of the design, so that a claim on SQLite never waits long."""

Keep = Callable[[], bool]
"""Whether there is time for another batch."""
Work = Callable[[list[FollowUp]], object]


def in_batches(due: FollowUps, keep: Keep, work: Work) -> int:
    """Do `work` on the due rows; how many it was done on. The rows are the cursor: what is done is no longer due.

    A batch that fails is done again row by row; a row that fails is left out of this pass, logged and counted.
    """
    done, failed = 0, list[UUID]()
    while keep():
        taken = _a_batch(due.exclude(pk__in=failed), work, failed)
        if taken == 0:
            break
        done += taken
    if failed:
        log.error("%s rows failed in this pass", len(failed))
    return done - len(failed)


def _a_batch(due: FollowUps, work: Work, failed: list[UUID]) -> int:
    rows: list[FollowUp] = []
    try:
        with transaction.atomic():
            rows = _locked(due, BATCH)
            if rows:
                work(rows)
    except OperationalError:
        # The database itself is away or busy: nothing about these rows, and the next tick finds them still due.
        raise
    except Exception:
        if not rows:
            raise
        log.exception("a batch failed and is done again row by row")
        _one_by_one(due, [row.pk for row in rows], work, failed)
    return len(rows)


def _one_by_one(due: FollowUps, pks: Sequence[UUID], work: Work, failed: list[UUID]) -> None:
    for pk in pks:
        try:
            with transaction.atomic():
                rows = _locked(due.filter(pk=pk), 1)
                if rows:
                    work(rows)
        except Exception:
            log.exception("follow-up %s failed", pk)
            failed.append(pk)


def _locked(due: FollowUps, at_most: int) -> list[FollowUp]:
    rows: QuerySet[FollowUp] = due.with_facts().order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return list(rows[:at_most])
