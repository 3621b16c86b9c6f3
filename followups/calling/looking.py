"""One look at the queue: the row that one caller should take next, found at the head of an index and locked."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Subquery, Value, When

from accounts.models import User
from followups.models import FollowUp
from followups.models.follow_ups import FollowUps
from followups.queue import free_for, places_of
from kernel.statements import statement


def most_urgent(by: User, seen: Collection[UUID], now: datetime) -> FollowUp | None:
    """The most urgent row for this caller that nobody else has locked, with all that its situation is read from.

    In a class the caller's own respondents come first, then the window that closes first.
    """
    places = [part for place in places_of(by) for part in place]
    return _best.first(by.pk, now, list(seen), *places) if places else None


@statement
def _best(caller: UUID, now: datetime, seen: Collection[UUID], *places: Any) -> FollowUps:
    """Two walks for each place, of the caller's own people and of all; each stops at its first row."""
    heads = []
    for team, language, gender in _in_threes(places):
        there = FollowUp.objects.filter(team=team, language=language, caller_gender=gender)
        heads += [_head(rows, caller, now, seen) for rows in (there.filter(usual_enumerator=caller), there)]
    is_own = Case(When(usual_enumerator=caller, then=Value(0)), default=Value(1))
    rows: FollowUps = FollowUp.objects.with_facts().filter(pk__in=heads)
    return rows.order_by("priority", is_own, "closes_at", "id")[:1]


def _head(rows: FollowUps, caller: UUID, now: datetime, seen: Collection[UUID]) -> Subquery:
    free = free_for(rows.in_queue_at(now), caller, now)
    if seen:
        free = free.exclude(pk__in=seen)
    # Locked where it is found, so that callers who look at the same moment each find another row.
    locked = free.select_for_update(skip_locked=True, no_key=True)
    return Subquery(locked.most_urgent_first().values("pk")[:1])


def _in_threes(parts: Any) -> Iterator[tuple[Any, Any, Any]]:
    return zip(parts[0::3], parts[1::3], parts[2::3], strict=True)
