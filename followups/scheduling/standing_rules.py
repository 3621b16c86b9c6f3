"""The rules about who the person is, what they permit, where they are and whether a call is owed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from consent.folding import Standing
from followups.scheduling.clocks import DAY_SECONDS, local_days
from followups.scheduling.safe_times import CallingHours, ClockHours, SafeRules, safe_spans
from followups.scheduling.situation import FollowUpState, Permission, RespondentStatus, Situation
from followups.scheduling.spans import BEGINNING, FOREVER, Span
from tracker.stages import allows_outbound, is_tracing_only

ALWAYS = Span(BEGINNING, FOREVER)
SHARED_WITHIN = timedelta(days=17)
"""Two weeks, and the days on either side: longer than the end of any refusal is looked for."""
OVER = frozenset({FollowUpState.DONE, FollowUpState.MISSED, FollowUpState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of time in which one rule refuses; `detail` as in Refusal."""

    span: Span
    detail: str = ""


Blocks = Iterator[Block]


def before(at: datetime) -> Span:
    return Span(BEGINNING, at)


def since(at: datetime) -> Span:
    return Span(at, FOREVER)


def withdrawn(s: Situation, within: Span) -> Blocks:
    if s.respondent_status is RespondentStatus.WITHDRAWN:
        yield Block(ALWAYS)


def deceased(s: Situation, within: Span) -> Blocks:
    if s.respondent_status is RespondentStatus.DECEASED:
        yield Block(ALWAYS)


def erased(s: Situation, within: Span) -> Blocks:
    if s.respondent_status is RespondentStatus.ERASED:
        yield Block(ALWAYS)


def recontact_not_permitted(s: Situation, within: Span) -> Blocks:
    yield from _not_permitted(s.recontact)


def keep_number_not_permitted(s: Situation, within: Span) -> Blocks:
    yield from _not_permitted(s.keep_number)


def _not_permitted(permission: Permission) -> Blocks:
    if permission.standing is not Standing.GRANTED:
        yield Block(ALWAYS, permission.standing)
    elif permission.expires_at is not None:
        yield Block(since(permission.expires_at), Standing.EXPIRED)


def follow_up_over(s: Situation, within: Span) -> Blocks:
    if s.state in OVER:
        yield Block(ALWAYS, s.state)


def stage_not_called(s: Situation, within: Span) -> Blocks:
    if not allows_outbound(s.stage):
        yield Block(ALWAYS, s.stage)


def tracing_only(s: Situation, within: Span) -> Blocks:
    if is_tracing_only(s.stage) and not s.is_tracing:
        yield Block(ALWAYS, s.stage)


def on_hold(s: Situation, within: Span) -> Blocks:
    for hold in s.holds:
        yield Block(before(hold.until or FOREVER), hold.kind)


def not_planned(s: Situation, within: Span) -> Blocks:
    if s.window is None:
        yield Block(ALWAYS)


def window_not_open(s: Situation, within: Span) -> Blocks:
    if s.window is not None:
        yield Block(before(s.window.opens_at))


def window_closed(s: Situation, within: Span) -> Blocks:
    if s.window is not None:
        yield Block(since(s.window.closes_at))


def no_shared_hour(s: Situation, within: Span) -> Blocks:
    """The person may be on clocks that are never decent together: somebody has to find out where they are."""
    if len(s.zones) > 1 and not _share_an_hour(s.zones, s.calling_hours.hours, within.starts_at.date()):
        yield Block(ALWAYS)


@lru_cache(maxsize=4096)
def _share_an_hour(zones: tuple[str, ...], hours: ClockHours, on: date) -> bool:
    """Whether the study's hours of some day soon meet on all these clocks, whatever the season or the number."""
    first = datetime.combine(on, time(), UTC)
    soon = Span(first, first + SHARED_WITHIN)
    return bool(safe_spans(soon, zones, CallingHours(hours), SafeRules()))


def holiday(s: Situation, within: Span) -> Blocks:
    """A day on which nobody is called, on any of their clocks. Safe times leave it out as well; this names it."""
    if not s.calling_hours.closed_on:
        return
    for zone_name in s.zones:
        for day in local_days(zone_name, within):
            if day.on in s.calling_hours.closed_on:
                yield Block(day.span(0, DAY_SECONDS))


def claimed(s: Situation, within: Span) -> Blocks:
    if s.claim is not None:
        yield Block(before(s.claim.expires_at))
