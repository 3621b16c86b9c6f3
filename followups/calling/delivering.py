"""Bridged gateways: placing a call order within 30 seconds, once, after every rule has been asked again."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from followups import facts, gateways
from followups.calling import dialling, revealing
from followups.calling.dialling import ORDER_GOOD_FOR
from followups.gateways import CallOrder, Placed
from followups.models import Dial
from followups.models.attempts import DialState
from kernel.errors import DomainError
from kernel.statements import Change, change, statement


def deliver(*, dial_id: UUID, now: datetime) -> Dial:
    """Place one order if it is still fresh, nobody has placed it, and nothing has come between. Safe to repeat.

    The row is marked before the gateway is asked: a process that dies in between rings nobody twice. Raises what
    opening the number raises; the order is cancelled then.
    """
    if _take(dial_id, now - ORDER_GOOD_FOR, now):
        dial = _with_all.get(dial_id)
        try:
            placed = _place(dial, now) if _is_still_allowed(dial, now) else None
        except DomainError:
            _write(dial, None)
            raise
        _write(dial, placed)
    return _with_all.get(dial_id)


@change
def _take(dial_id: UUID, ordered_after: datetime, now: datetime) -> Change:
    fresh = Dial.objects.filter(pk=dial_id, state=DialState.ORDERED, ordered_at__gt=ordered_after)
    return fresh, {"state": DialState.PLACED, "placed_at": now}


def cancel_old(*, now: datetime) -> int:
    """Cancel orders nobody placed in time: they are never dialled. How many."""
    return _cancel(now - ORDER_GOOD_FOR)


@change
def _cancel(too_old: datetime) -> Change:
    return Dial.objects.ordered_before(too_old), {"state": DialState.CANCELLED, "counts_as_burden": False}


@statement
def _with_all(dial_id: UUID) -> QuerySet[Dial]:
    dials = Dial.objects.select_related("attempt__enumerator", "attempt__claim", "attempt__respondent")
    return dials.filter(pk=dial_id)


def _is_still_allowed(dial: Dial, now: datetime) -> bool:
    if not dial.attempt.claim.is_live(now):
        return False
    row = facts.follow_up(dial.attempt.follow_up_id)
    situation = facts.situation_of(row, now=now, with_sharers=True)
    return not dialling.obstacles_to(dial, situation, dial.attempt.enumerator, now)


def _place(dial: Dial, now: datetime) -> Placed:
    point = revealing.point_of(dial)
    order = CallOrder(dial.pk, dial.attempt.respondent.spoken_code, dial.ordered_at)
    return gateways.in_use().place(
        order,
        lambda: revealing.open_number(point, by=dial.attempt.enumerator, now=now, dial_id=dial.pk),
    )


def _write(dial: Dial, placed: Placed | None) -> None:
    if placed is None:
        Dial.objects.filter(pk=dial.pk).update(state=DialState.CANCELLED, counts_as_burden=False)
        return
    Dial.objects.filter(pk=dial.pk).update(
        counts_as_burden=placed.may_have_rung,
        result=placed.result,
        state=DialState.ENDED if placed.result else DialState.PLACED,
    )
