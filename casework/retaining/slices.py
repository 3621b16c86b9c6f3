"""Working through rows a slice at a time: one bad row never stops the others, and what is done is no longer due."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError

from kernel.budgets import Keep

logger = logging.getLogger(__name__)

PAGE = 200


@dataclass(frozen=True, slots=True)
class Worked:
    """How many rows were done, and how many could not be."""

    done: int = 0
    failed: int = 0

    def __add__(self, other: "Worked") -> "Worked":
        return Worked(self.done + other.done, self.failed + other.failed)


def no_row(rows: list[Any]) -> Collection[Any]:
    """Nothing is spared."""
    return ()


def one_by_one(
    rows: Any,
    keep: Keep,
    work: Callable[[Any], object],
    *,
    spared: Callable[[list[Any]], Collection[Any]] = no_row,
) -> Worked:
    """Do `work` on each row in order of its key, but for those whose key is `spared`; stops when time is over.

    The rows are the cursor: the next pass finds those still due. A row that fails is logged by its id and left.
    """
    total, after = Worked(), None
    while keep():
        ordered = rows.order_by("pk")
        page = list((ordered.filter(pk__gt=after) if after is not None else ordered)[:PAGE])
        left_out = spared(page) if page else ()
        for row in page:
            if not keep():
                return total
            if row.pk not in left_out:
                total += _one(row, work)
        if len(page) < PAGE:
            break
        after = page[-1].pk
    return total


def delete_in_slices(rows: Any, keep: Keep) -> Worked:
    """Delete rows that nothing else hangs on, some hundreds a statement."""
    done = 0
    while keep():
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:PAGE])
        if keys:
            # Asked again in the statement: a row that was renewed meanwhile stays.
            rows.filter(pk__in=keys).delete()
        done += len(keys)
        if len(keys) < PAGE:
            break
    return Worked(done)


def _one(row: Any, work: Callable[[Any], object]) -> Worked:
    try:
        work(row)
    except (OperationalError, InterfaceError):
        # The database is away or busy: that says nothing about this row, and the next pass finds it still due.
        raise
    except Exception:
        logger.exception("%s %s could not be deleted", type(row).__name__, row.pk)
        return Worked(failed=1)
    return Worked(done=1)
