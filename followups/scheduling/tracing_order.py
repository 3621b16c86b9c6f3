"""In which order somebody is looked for when their number looks dead, and why a step is open or not (method 3.7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from followups.scheduling.burden_rules import burdens, exempt_spans, over_cap
from followups.scheduling.situation import NumberFacts, Situation
from followups.scheduling.spans import Span, without
from followups.scheduling.standing_rules import Block, Blocks
from tracker.number_status import HARMFUL, is_dialable

TRIES_EACH = 2
"""How often one number is dialled in a search: a trusted person is troubled twice at most."""
TRIES_IN_ALL = 3
SEARCH = timedelta(days=30)
"""Three tries in 30 days; who is not found by then counts as lost (method 7)."""
SILENT_AFTER = 3
"""Dials in a row without the person, on two days at least, after which a number counts as silent (method 3.4)."""


class Began(StrEnum):
    """What made somebody be looked for."""

    NUMBER_DEAD = "number_dead"
    MODEL = "model"
    STAGE_UNKNOWN = "stage_unknown"
    COORDINATOR = "coordinator"


class Route(StrEnum):
    """A way to somebody, in the order in which the ways are tried."""

    OWN_NUMBER = "own_number"
    MESSAGE = "message"
    TRUSTED_PERSON = "trusted_person"
    INBOUND = "inbound"
    PARTNER = "partner"


class Closed(StrEnum):
    """Why a step is not to be taken now."""

    BARRED = "barred"
    NOT_IN_USE = "not_in_use"
    NOT_AGREED = "not_agreed"
    NO_WORDS = "no_words"
    TRIED = "tried"
    SILENT = "silent"
    OWN_FIRST = "own_first"
    NO_GATEWAY = "no_gateway"
    CALLS_FIRST = "calls_first"


@dataclass(frozen=True, slots=True)
class Tried:
    """One dial of a number, and whether the person themselves was on the line."""

    at: datetime
    is_reached: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a search; `closed` None is open, `number_id` names the number where there is one."""

    route: Route
    closed: Closed | None = None
    number_id: UUID | None = None
    tries: int = 0

    @property
    def is_open(self) -> bool:
        return self.closed is None


def is_silent(dials: Sequence[Tried]) -> bool:
    """Whether a number has given nothing three times in a row, on two days or more; `dials` in any order."""
    ordered = sorted(dials, key=lambda one: one.at)
    reached = [place for place, one in enumerate(ordered) if one.is_reached]
    since = ordered[reached[-1] + 1 :] if reached else ordered
    return len(since) >= SILENT_AFTER and len({one.at.date() for one in since}) > 1


def in_order(numbers: Iterable[tuple[NumberFacts, datetime]]) -> tuple[NumberFacts, ...]:
    """The numbers, each with the moment it was added, as a search takes them: their own newest first, then others'."""
    given = list(numbers)
    own = sorted((one for one in given if not one[0].is_trusted), key=lambda one: one[1], reverse=True)
    return tuple(number for number, _at in (*own, *(one for one in given if one[0].is_trusted)))


def in_reach(s: Situation) -> tuple[NumberFacts, ...]:
    """The numbers that this sitting may be about, those dialled in it included.

    A trusted person is called in a search only, when no number of their own is left, and never in one sitting with it.
    """
    own = tuple(number for number in s.numbers if not number.is_trusted and not _closed(number, s))
    if not s.is_tracing or s.sitting_is_to_trusted is False:
        return own
    trusted = tuple(number for number in s.numbers if number.is_trusted and not _closed(number, s))
    return trusted if s.sitting_is_to_trusted or not own else own


def tracing_cap(s: Situation, within: Span) -> Blocks:
    """In a search, three tries in 30 days, counted from its start or from the newest number of their own.

    A call that the person asked for is no try."""
    if s.is_tracing and s.search_since is not None:
        made = (attempt.at for attempt in burdens(s) if attempt.at >= s.search_since)
        for span in without(over_cap(made, TRIES_IN_ALL, SEARCH), exempt_spans(s)):
            yield Block(span)


def steps(s: Situation, *, may_message: bool) -> tuple[Step, ...]:
    """Every step of the search in order; `may_message` is the person's yes to messages.

    Nobody here sends messages: where one was agreed the step says so, for a study that has a way to.
    """
    own = tuple(_step(Route.OWN_NUMBER, number, s) for number in s.numbers if not number.is_trusted)
    trusted = tuple(_step(Route.TRUSTED_PERSON, number, s) for number in s.numbers if number.is_trusted)
    calls = (*own, *trusted)
    is_left = any(step.is_open for step in calls)
    return (
        *own,
        _message(s, may_message),
        *trusted,
        Step(Route.INBOUND),
        Step(Route.PARTNER, Closed.CALLS_FIRST if is_left else None),
    )


def _step(route: Route, number: NumberFacts, s: Situation) -> Step:
    closed = _closed(number, s)
    if closed is None and number not in in_reach(s):
        closed = Closed.OWN_FIRST
    return Step(route, closed, number.id, len(number.tried))


def _message(s: Situation, may_message: bool) -> Step:
    """The account of a number may live on when its line does not; never where the number itself does harm."""
    agreed = any(one.may_message and one.status not in HARMFUL and not one.is_barred for one in s.numbers)
    return Step(Route.MESSAGE, Closed.NO_GATEWAY if may_message and agreed else Closed.NOT_AGREED)


def _closed(number: NumberFacts, s: Situation) -> Closed | None:
    """Why this number is not dialled, by what is known of it; None where it may be."""
    if number.is_barred:
        return Closed.BARRED
    if not is_dialable(number.status):
        return Closed.NOT_IN_USE
    if not number.may_call:
        return Closed.NOT_AGREED
    if number.is_trusted and not number.has_words:
        return Closed.NO_WORDS
    return _closed_by_tries(number) if s.is_tracing and number.id not in s.dialled else None


def _closed_by_tries(number: NumberFacts) -> Closed | None:
    """What a search has tried, or what has long been silent; a number dialled in this sitting is not asked."""
    if len(number.tried) >= TRIES_EACH:
        return Closed.TRIED
    return Closed.SILENT if number.is_silent and not number.is_trusted else None
