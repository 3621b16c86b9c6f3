"""The rules about who the person is, what they permit, where they are and whether a call is owed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from consent.folding import Standing
from followups.scheduling.situation import FollowUpState, Permission, RespondentStatus, Situation
from followups.scheduling.spans import BEGINNING, FOREVER, Span
from tracker.stages import allows_outbound, is_tracing_only

ALWAYS = Span(BEGINNING, FOREVER)
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


def claimed(s: Situation, within: Span) -> Blocks:
    if s.claim is not None:
        yield Block(before(s.claim.expires_at))
