"""Keeps the queue true: looks at follow-ups and writes when each is next ready, or what it waits for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from followups import facts, tracing
from followups.contact_model.choosing import Stop
from followups.dispositions import disposition
from followups.models import Attempt, FollowUp
from followups.models.follow_ups import State, resting_columns
from followups.outlooks import log
from followups.outlooks.at_a_look import outlooks_for
from followups.scheduling.burden_rules import burdens, open_appointment
from followups.scheduling.hard_filters import refusals
from followups.scheduling.next_look import next_look_at, next_offer
from followups.scheduling.priority import PriorityClass, Urgency, priority_of
from followups.scheduling.reasons import Reason, Refusal
from followups.scheduling.situation import Situation
from followups.scheduling.slot_choice import Choice, attempt_number
from followups.scheduling.spans import Span
from followups.scheduling.tracing_order import Began
from kernel.statements import Change, change, statement

HORIZON = timedelta(days=8)
"""How far ahead a ready span is looked for: every weekday once, and a day more."""
AGAIN = timedelta(hours=6)
"""When something waits for an event and not for the clock, how soon it is looked at all the same."""

REST = timedelta(days=1)
"""How soon a round that rests is looked at again: by then another night's model may think otherwise."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look found: a span in which to call and the choice it comes from, or the first reason why not, and when to
    look again. `stop` is the model's word that more dials of this round are not worth it."""

    span: Span | None
    reason: str
    look_at: datetime
    choice: Choice | None = None
    stop: Stop | None = None


def look(follow_ups: Sequence[FollowUp], *, now: datetime) -> int:
    """Write into each live follow-up what the rules say now; how many became ready. The rows are locked by the caller.

    A span that starts later is kept too: a claim takes only rows whose span has begun.
    """
    heard = _last_outcomes(follow_ups)
    situations = _with_outlooks(follow_ups, facts.situations(follow_ups, now=now), heard, now)
    verdicts = {one.pk: _judge(one, situations[one.pk], heard.get(one.pk), now) for one in follow_ups}
    ready = [one for one in follow_ups if one.state == State.READY]
    _make_ready.many([(*_found(one), one.ready_from, one.ready_until) for one in ready])
    _let_rest.many([_found(one) for one in follow_ups if one.state != State.READY])
    _keep_choices(ready, verdicts, situations, now)
    _look_for_lost(follow_ups, verdicts, now)
    return len(ready)


def _keep_choices(
    ready: Sequence[FollowUp],
    verdicts: Mapping[UUID, Verdict],
    situations: Mapping[UUID, Situation],
    now: datetime,
) -> None:
    """Write down which slot was chosen for whom, and how; what was chosen before for an attempt that comes of itself
    goes."""
    chosen = {one.pk: choice for one in ready if (choice := verdicts[one.pk].choice)}
    log.keep(chosen, at=now)
    log.drop([(one.pk, attempt_number(situations[one.pk])) for one in ready if one.pk not in chosen])


def _look_for_lost(follow_ups: Sequence[FollowUp], verdicts: Mapping[UUID, Verdict], now: datetime) -> None:
    """Hand over to tracing whose number looks dead."""
    for one in follow_ups:
        if verdicts[one.pk].stop is Stop.TRACE:
            tracing.start(follow_up=one, why=Began.MODEL, by=None, now=now)


def _with_outlooks(
    follow_ups: Sequence[FollowUp],
    situations: dict[UUID, Situation],
    heard: Mapping[UUID, "Heard"],
    now: datetime,
) -> dict[UUID, Situation]:
    """The situations with what the contact model says of each person; as they are without a model."""
    changed = {pk: one.newest_number_at for pk, one in situations.items() if one.newest_number_at}
    for pk, one in heard.items():
        changed[pk] = max(one.at, changed.get(pk, one.at))
    outlooks = outlooks_for(follow_ups, changed, now)
    return {pk: replace(one, outlook=outlooks.get(pk)) for pk, one in situations.items()}


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
    # A span that begins later, or at this very moment, is put into the queue by `followups.beginning`.
    span = {"state": State.READY, "ready_from": ready_from, "ready_until": ready_until, "has_begun": False}
    found = {"waiting_for": waiting_for, "priority": priority, "attempts_made": attempts_made}
    return FollowUp.objects.filter(pk=pk), {**span, "look_at": look_at, **found}


@change
def _let_rest(pk: UUID, look_at: datetime, waiting_for: str, priority: int, attempts_made: int) -> Change:
    found = {"waiting_for": waiting_for, "priority": priority, "attempts_made": attempts_made}
    return FollowUp.objects.filter(pk=pk), {**resting_columns(look_at), **found}


def verdict_on(situation: Situation, now: datetime, closes_at: datetime) -> Verdict:
    """What the rules say of one situation; pure."""
    offer = next_offer(situation, now, min(closes_at, now + HORIZON))
    if offer.stop is not None:
        look_at = max(min(now + REST, closes_at), now + timedelta(minutes=1))
        return Verdict(None, Reason.RESTING_THIS_ROUND.value, look_at, stop=offer.stop)
    if (span := offer.span) is not None:
        reason = "" if span.starts_at <= now else _first(refusals(situation, now))
        return Verdict(span, reason, span.ends_at, offer.choice)
    found = refusals(situation, now)
    look_at = next_look_at(found, now) or now + AGAIN
    # A refusal that lifts this very moment would be looked at for ever: the clock has to move.
    return Verdict(None, _first(found), max(min(look_at, closes_at), now + timedelta(minutes=1)))


def push_on(follow_up: FollowUp, found: Sequence[Refusal], *, now: datetime) -> None:
    """Take a row out of the ready ones after a refusal, to be looked at when the refusal may have lifted."""
    look_at = next_look_at(found, now) or now + AGAIN
    ready = FollowUp.objects.filter(pk=follow_up.pk, state=State.READY)
    ready.rest_until(max(look_at, now + timedelta(minutes=1)), waiting_for=_first(found))


def _judge(follow_up: FollowUp, situation: Situation, last: "Heard | None", now: datetime) -> Verdict:
    verdict = verdict_on(situation, now, follow_up.closes_at)
    span = verdict.span
    follow_up.state = State.READY if span else State.RESTING
    follow_up.ready_from = span.starts_at if span else None
    follow_up.ready_until = span.ends_at if span else None
    follow_up.look_at = verdict.look_at
    follow_up.waiting_for = verdict.reason
    follow_up.priority = _priority(
        follow_up, situation, last.disposition if last else None, span.starts_at if span else now
    )
    follow_up.attempts_made = sum(one.in_this_round for one in burdens(situation))
    return verdict


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


@dataclass(frozen=True, slots=True)
class Heard:
    """The outcome of the latest sitting of a round, and when anything was last recorded in it."""

    disposition: str
    at: datetime


def _last_outcomes(follow_ups: Sequence[FollowUp]) -> dict[UUID, Heard]:
    heard: dict[UUID, Heard] = {}
    for pk, outcome, at in _recorded_in([one.pk for one in follow_ups]):
        heard[pk] = Heard(outcome, max(at, heard[pk].at) if pk in heard else at)
    return heard


@statement
def _recorded_in(follow_ups: Collection[UUID]) -> QuerySet[Attempt, Any]:
    recorded = Attempt.objects.recorded().filter(follow_up__in=follow_ups).order_by("started_at")
    return recorded.values_list("follow_up_id", "disposition", "recorded_at")


def _first(found: Sequence[Refusal]) -> str:
    return found[0].reason.value if found else ""
