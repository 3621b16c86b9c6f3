"""The rules about the person's numbers: which may be dialled at all, which are tired, and when it is safe."""

from datetime import datetime

from followups.scheduling.burden_rules import DAY, WEEK, over_cap
from followups.scheduling.safe_times import is_safe_at, safe_spans
from followups.scheduling.situation import NumberFacts, Situation
from followups.scheduling.spans import FOREVER, Span, Spans, common, joined, without
from followups.scheduling.standing_rules import ALWAYS, Block, Blocks
from followups.scheduling.tracing_order import in_reach

DIALS_PER_SITTING = 3


def dialable(s: Situation) -> tuple[NumberFacts, ...]:
    """The numbers that are neither dead, wrong, unsafe nor barred and on which calls were agreed, in order; those of
    trusted people in a search only, once nothing of their own is left."""
    return in_reach(s)


def usable_numbers(s: Situation, now: datetime) -> tuple[NumberFacts, ...]:
    """The numbers that may be dialled in this sitting at this instant, in order; each once, three at most in all."""
    left = DIALS_PER_SITTING - len(s.dialled)
    usable = [
        number
        for number in _in_sitting(s)
        if not any(span.covers(now) for span in _tired(number, s))
        and is_safe_at(now, s.zones, s.calling_hours, number.safe)
    ]
    return tuple(usable[: max(left, 0)])


def no_dialable_number(s: Situation, within: Span) -> Blocks:
    if not dialable(s):
        yield Block(ALWAYS)


def sitting_over(s: Situation, within: Span) -> Blocks:
    """Each usable number has been dialled once, or three have."""
    if dialable(s) and not _in_sitting(s):
        yield Block(ALWAYS)


def number_burden(s: Situation, within: Span) -> Blocks:
    """Every number still to dial has rung as often as it may, whoever of its sharers was called."""
    for span in _all_tired(s):
        yield Block(span)


def outside_safe_times(s: Situation, within: Span) -> Blocks:
    """No number that is not tired is safe to dial. A block that reaches the end of the look has no known end."""
    numbers = _in_sitting(s)
    if not numbers:
        return
    open_spans = joined(span for number in numbers for span in _open_on(number, s, within))
    for span in without((within,), (*open_spans, *_all_tired(s))):
        yield Block(Span(span.starts_at, FOREVER) if span.ends_at == within.ends_at else span)


def _in_sitting(s: Situation) -> tuple[NumberFacts, ...]:
    if len(s.dialled) >= DIALS_PER_SITTING:
        return ()
    return tuple(number for number in dialable(s) if number.id not in s.dialled)


def _tired(number: NumberFacts, s: Situation) -> Spans:
    """When this number is over the daily or weekly limit, counted over everyone who shares it."""
    return (*over_cap(number.dials, s.limits.per_day, DAY), *over_cap(number.dials, s.limits.per_week, WEEK))


def _all_tired(s: Situation) -> Spans:
    numbers = _in_sitting(s)
    spans: Spans = (ALWAYS,) if numbers else ()
    for number in numbers:
        spans = common(spans, _tired(number, s))
    return spans


def _open_on(number: NumberFacts, s: Situation, within: Span) -> Spans:
    return without(safe_spans(within, s.zones, s.calling_hours, number.safe), _tired(number, s))
