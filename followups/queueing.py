"""Keeps the queue true: looks at follow-ups and writes when each is next ready, or what it waits for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from followups import facts
from followups.dispositions import disposition
from followups.models import Attempt, FollowUp
from followups.models.follow_ups import State, resting_columns
from followups.scheduling.burden_rules import burdens, open_appointment
from followups.scheduling.hard_filters import refusals
from followups.scheduling.next_look import next_look_at, ready_span
from followups.scheduling.priority import PriorityClass, Urgency, priority_of
from followups.scheduling.reasons import Refusal
from followups.scheduling.situation import Situation
from followups.scheduling.spans import Span
from kernel.statements import Change, change, statement

HORIZON = timedelta(days=8)
"""How far ahead a ready span is looked for: every weekday once, and a day more."""
AGAIN = timedelta(hours=6)
"""When something waits for an event and not for the clock, how soon it is looked at all the same."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look found: a span in which to call, or the first reason why not, and when to look again."""

    span: Span | None
    reason: str
    look_at: datetime


def look(follow_ups: Sequence[FollowUp], *, now: datetime) -> int:
    """Write into each live follow-up what the rules say now; how many became ready. The rows are locked by the caller.

    A span that starts later is kept too: a claim takes only rows whose span has begun.
    """
    situations = facts.situations(follow_ups, now=now)
    last = _last_outcomes(follow_ups)
    for one in follow_ups:
        _judge(one, situations[one.pk], last.get(one.pk), now)
    ready = [one for one in follow_ups if one.state == State.READY]
    _make_ready.many([(*_found(one), one.ready_from, one.ready_until) for one in ready])
    _let_rest.many([_found(one) for one in follow_ups if one.state != State.READY])
    return len(ready)


def _found(row: FollowUp) -> tuple[Any, ...]:
    return row.pk, row.look_at, row.waiting_for, row.priority, row.attempts_made


@change
def _make_ready(
    pk: UUID,
    look_at: datetime,
    waiting_for: str,
    priority: int,
    attempts_made: int,
    ready_from: datetime,
    ready_until: datetime,
) -> Change:
    span = {"state": State.READY, "ready_from": ready_from, "ready_until": ready_until}
    found = {"waiting_for": waiting_for, "priority": priority, "attempts_made": attempts_made}
    return FollowUp.objects.filter(pk=pk), {**span, "look_at": look_at, **found}


@change
def _let_rest(pk: UUID, look_at: datetime, waiting_for: str, priority: int, attempts_made: int) -> Change:
    found = {"waiting_for": waiting_for, "priority": priority, "attempts_made": attempts_made}
    return FollowUp.objects.filter(pk=pk), {**resting_columns(look_at), **found}


def verdict_on(situation: Situation, now: datetime, closes_at: datetime) -> Verdict:
    """What the rules say of one situation; pure."""
    horizon = min(closes_at, now + HORIZON)
    span = ready_span(situation, now, horizon)
    if span is not None:
        return Verdict(span, "" if span.starts_at <= now else _first(refusals(situation, now)), span.ends_at)
    found = refusals(situation, now)
    look_at = next_look_at(found, now) or now + AGAIN
    # A refusal that lifts this very moment would be looked at for ever: the clock has to move.
    return Verdict(None, _first(found), max(min(look_at, closes_at), now + timedelta(minutes=1)))


def push_on(follow_up: FollowUp, found: Sequence[Refusal], *, now: datetime) -> None:
    """Take a row out of the ready ones after a refusal, to be looked at when the refusal may have lifted."""
    look_at = next_look_at(found, now) or now + AGAIN
    ready = FollowUp.objects.filter(pk=follow_up.pk, state=State.READY)
    ready.rest_until(max(look_at, now + timedelta(minutes=1)), waiting_for=_first(found))


def _judge(follow_up: FollowUp, situation: Situation, last: str | None, now: datetime) -> None:
    verdict = verdict_on(situation, now, follow_up.closes_at)
    span = verdict.span
    follow_up.state = State.READY if span else State.RESTING
    follow_up.ready_from = span.starts_at if span else None
    follow_up.ready_until = span.ends_at if span else None
    follow_up.look_at = verdict.look_at
    follow_up.waiting_for = verdict.reason
    follow_up.priority = _priority(follow_up, situation, last, span.starts_at if span else now)
    follow_up.attempts_made = sum(one.in_this_round for one in burdens(situation))


def _priority(follow_up: FollowUp, situation: Situation, last: str | None, at: datetime) -> PriorityClass:
    return priority_of(
        Urgency(
            appointment=open_appointment(situation),
            last=disposition(last).priority if last else None,
            is_tracing=situation.is_tracing,
            attempts_in_round=sum(one.in_this_round for one in situation.attempts),
            closes_at=follow_up.closes_at,
        ),
        at,
    )


def _last_outcomes(follow_ups: Sequence[FollowUp]) -> dict[object, str]:
    """The outcome of the latest recorded sitting of each round."""
    return dict(_recorded_in([one.pk for one in follow_ups]))


@statement
def _recorded_in(follow_ups: Collection[UUID]) -> QuerySet[Attempt, Any]:
    recorded = Attempt.objects.recorded().filter(follow_up__in=follow_ups).order_by("started_at")
    return recorded.values_list("follow_up_id", "disposition")


def _first(found: Sequence[Refusal]) -> str:
    return found[0].reason.value if found else ""
