"""The one named rule set that stands before every call: what it refuses, why, and until when."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from followups.scheduling import burden_rules, number_rules, standing_rules, tracing_order
from followups.scheduling.pair_rules import pair_refusals
from followups.scheduling.reasons import Reason, Refusal
from followups.scheduling.situation import Caller, Situation
from followups.scheduling.spans import FOREVER, Span, run_until
from followups.scheduling.standing_rules import Block

INSTANT = timedelta(microseconds=1)
LOOK_AHEAD = timedelta(days=15)
"""How far the end of a refusal is looked for where it takes looking: two weeks of safe days, and one more."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`blocks` gives every stretch in which the rule refuses, at least those that meet the span asked about."""

    reason: Reason
    blocks: Callable[[Situation, Span], Iterable[Block]]


RULES: tuple[Rule, ...] = (
    Rule(Reason.WITHDRAWN, standing_rules.withdrawn),
    Rule(Reason.DECEASED, standing_rules.deceased),
    Rule(Reason.ERASED, standing_rules.erased),
    Rule(Reason.RECONTACT_NOT_PERMITTED, standing_rules.recontact_not_permitted),
    Rule(Reason.KEEP_NUMBER_NOT_PERMITTED, standing_rules.keep_number_not_permitted),
    Rule(Reason.FOLLOW_UP_OVER, standing_rules.follow_up_over),
    Rule(Reason.STAGE_NOT_CALLED, standing_rules.stage_not_called),
    Rule(Reason.TRACING_ONLY, standing_rules.tracing_only),
    Rule(Reason.ON_HOLD, standing_rules.on_hold),
    Rule(Reason.NOT_PLANNED, standing_rules.not_planned),
    Rule(Reason.WINDOW_NOT_OPEN, standing_rules.window_not_open),
    Rule(Reason.WINDOW_CLOSED, standing_rules.window_closed),
    Rule(Reason.NO_SHARED_HOUR, standing_rules.no_shared_hour),
    Rule(Reason.NO_DIALABLE_NUMBER, number_rules.no_dialable_number),
    Rule(Reason.SITTING_OVER, number_rules.sitting_over),
    Rule(Reason.TRACING_CAP, tracing_order.tracing_cap),
    Rule(Reason.ROUND_CAP, burden_rules.round_cap),
    Rule(Reason.WEEK_CAP, burden_rules.week_cap),
    Rule(Reason.DAY_CAP, burden_rules.day_cap),
    Rule(Reason.SPACING, burden_rules.spacing),
    Rule(Reason.RESTING, burden_rules.resting),
    Rule(Reason.WAITING_FOR_APPOINTMENT, burden_rules.waiting_for_appointment),
    Rule(Reason.NUMBER_BURDEN, number_rules.number_burden),
    Rule(Reason.HOLIDAY, standing_rules.holiday),
    Rule(Reason.OUTSIDE_SAFE_TIMES, number_rules.outside_safe_times),
    Rule(Reason.CLAIMED, standing_rules.claimed),
)


def refusals(situation: Situation, now: datetime) -> tuple[Refusal, ...]:
    """Every reason why nobody may call this person at this instant, in the order of the rules; () when one may."""
    found = (_refusal(rule, situation, now) for rule in RULES)
    return tuple(refusal for refusal in found if refusal)


def is_callable(situation: Situation, now: datetime) -> bool:
    """Whether somebody may call this person at this instant."""
    return not refusals(situation, now)


def refusals_for(situation: Situation, caller: Caller, now: datetime) -> tuple[Refusal, ...]:
    """Every reason why this caller may not call this person now; their own live claim is no reason.

    This is what a claim and each dial ask; `refusals` is what the tick asks.
    """
    claim = situation.claim
    if claim is not None and claim.caller_id == caller.id:
        situation = replace(situation, claim=None)
    return (*refusals(situation, now), *pair_refusals(situation, caller, now))


def blocked_spans(situation: Situation, within: Span) -> tuple[Span, ...]:
    """Every stretch of `within` in which some rule refuses, if nothing but the clock changes."""
    return tuple(block.span for rule in RULES for block in rule.blocks(situation, within))


def _refusal(rule: Rule, situation: Situation, now: datetime) -> Refusal | None:
    """Asked about the instant first: only a rule that refuses is asked again how long."""
    if not any(block.span.covers(now) for block in rule.blocks(situation, Span(now, now + INSTANT))):
        return None
    blocks = tuple(rule.blocks(situation, Span(now, now + LOOK_AHEAD)))
    until = run_until((block.span for block in blocks), now)
    covering = (block for block in blocks if block.span.covers(now))
    longest = max(covering, key=lambda block: block.span.ends_at)
    return Refusal(rule.reason, None if until == FOREVER else until, longest.detail)
