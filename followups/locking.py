"""The one order in which everybody locks what belongs to a respondent, so that no two can wait for each other."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from followups.models import FollowUp
from kernel.statements import statement
from tracker.models import Respondent


def hold_still(respondent_id: UUID) -> None:
    """Lock the respondent, then what is owed to them, until the transaction ends; claims and the rest come after.

    A claim and the tick start at the follow-up and take no lock on the respondent, so they never come the other way.
    `no_key`: rows that merely point at these may still be written meanwhile. SQLite locks the whole file already.
    """
    if connection.features.has_select_for_update:
        _lock_person(respondent_id)
        _lock_what_is_owed(respondent_id)


_one_here = threading.Lock()


@contextmanager
def one_of_this_process() -> Iterator[None]:
    """Where SQLite lets one write at a time, the threads of a process wait for one another here, outside of any
    transaction: whoever waits for SQLite sleeps, looks again, and sleeps for longer while others go past."""
    if connection.features.has_select_for_update or connection.in_atomic_block:
        yield
        return
    with _one_here:
        yield


def stand_in_line(user_id: UUID) -> None:
    """Lock a caller until the transaction ends: whoever presses twice waits for themselves."""
    if connection.features.has_select_for_update:
        _lock_caller(user_id)


@statement
def _lock_caller(user_id: UUID) -> QuerySet[User, Any]:
    rows: QuerySet[User, Any] = User.objects.select_for_update(no_key=True).filter(pk=user_id)
    return rows.values_list("pk")


@statement
def _lock_person(respondent_id: UUID) -> QuerySet[Respondent, Any]:
    return Respondent.objects.select_for_update(no_key=True).filter(pk=respondent_id).values_list("pk")


@statement
def _lock_what_is_owed(respondent_id: UUID) -> QuerySet[FollowUp, Any]:
    owed: Any = FollowUp.objects.filter(respondent=respondent_id).unfinished().order_by("pk")
    return owed.select_for_update(no_key=True).values_list("pk")
