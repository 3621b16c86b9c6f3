"""What stands out in the looks of a week, person by person: arithmetic over events, without a database."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import NamedTuple
from uuid import UUID

from audit.actions import Action
from kernel import zones

LOOKS = frozenset(
    {Action.RESPONDENT_VIEWED, Action.NUMBER_REVEALED, Action.NUMBER_SHOWN, Action.ORIENTATION_VIEWED}
)
READS = LOOKS | {Action.IDENTITY_OPENED, Action.TRAIL_READ, Action.CANARY_TOUCHED, Action.TRAIL_EXPORTED}
"""What only looks; anything else done about a respondent is a reason to have looked."""

EXPORTS = frozenset({Action.TRAIL_EXPORTED, Action.REGISTER_READ})
BREAK_GLASS = frozenset({Action.BREAK_GLASS_ASKED, Action.BREAK_GLASS_GRANTED})
REFUSALS = frozenset({Action.IDENTITY_OPENED, Action.ACCESS_REFUSED, Action.STEP_UP_REFUSED})
NIGHT_FROM, NIGHT_UNTIL = 22, 6
TIMES_THE_MEDIAN = 3
MANY = 20
"""Looks below which nobody is said to look much more than others: in a small team the median is small."""


class Seen(NamedTuple):
    """What of an event counts here; `opening` is what was opened, where something was."""

    actor_id: UUID
    at: datetime
    action: str
    outcome: str
    audit_ref: UUID | None
    opening: str | None


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """One member of staff in one week: how much they looked, and what of it asks for a question."""

    actor_id: UUID
    looks: int = 0
    at_night: int = 0
    without_work: int = 0
    refused: int = 0
    exceptional: int = 0
    exports: int = 0
    break_glass: int = 0
    canaries: int = 0
    is_far_above: bool = False

    @property
    def stands_out(self) -> bool:
        """Whether anything but the plain number of looks is there to be asked about."""
        asked = (self.at_night, self.without_work, self.refused, self.exceptional, self.exports)
        return any((*asked, self.break_glass, self.canaries)) or self.is_far_above


def by_person(
    seen: Iterable[Seen], zone_of: Mapping[UUID, str], exceptional: Collection[str]
) -> tuple[PersonWeek, ...]:
    """A line for each person who did anything, whoever stands out most first.

    `zone_of` has each person's clock, UTC for one who is not in it; `exceptional` the openings outside a call.
    """
    tally = _Tally(zone_of, frozenset(exceptional))
    for one in seen:
        tally.take(one)
    return tally.lines()


class _Tally:
    """Counts per person and kind, and whom each looked at and worked on."""

    def __init__(self, zone_of: Mapping[UUID, str], exceptional: frozenset[str]) -> None:
        self._zone_of, self._exceptional = zone_of, exceptional
        self._counts: dict[UUID, Counter[str]] = {}
        self._looked: dict[UUID, set[UUID]] = {}
        self._worked: dict[UUID, set[UUID]] = {}

    def take(self, one: Seen) -> None:
        counts = self._counts.setdefault(one.actor_id, Counter())
        for name, is_one in KINDS.items():
            counts[name] += is_one(one)
        counts["exceptional"] += one.action == Action.IDENTITY_OPENED and one.opening in self._exceptional
        if one.action in LOOKS and _is_done(one):
            counts["at_night"] += self._is_night(one)
        if one.audit_ref is not None:
            whom = self._looked if one.action in READS else self._worked
            whom.setdefault(one.actor_id, set()).add(one.audit_ref)

    def lines(self) -> tuple[PersonWeek, ...]:
        middle = median(counts["looks"] for counts in self._counts.values()) if self._counts else 0
        enough = max(MANY, TIMES_THE_MEDIAN * middle)
        made = [self._line(actor, counts, enough) for actor, counts in self._counts.items()]
        return tuple(sorted(made, key=lambda line: (-line.canaries, not line.stands_out, -line.looks)))

    def _line(self, actor: UUID, counts: Counter[str], enough: float) -> PersonWeek:
        idle = self._looked.get(actor, set()) - self._worked.get(actor, set())
        is_far_above = counts["looks"] > enough
        return PersonWeek(actor, **counts, without_work=len(idle), is_far_above=is_far_above)

    def _is_night(self, one: Seen) -> bool:
        hour = zones.local(one.at, self._zone_of.get(one.actor_id, "UTC")).hour
        return hour >= NIGHT_FROM or hour < NIGHT_UNTIL


def _is_done(one: Seen) -> bool:
    return one.outcome != "refused"


KINDS: Mapping[str, Callable[[Seen], bool]] = {
    "looks": lambda one: one.action in LOOKS and _is_done(one),
    "refused": lambda one: one.action in REFUSALS and not _is_done(one),
    "exports": lambda one: one.action in EXPORTS,
    "break_glass": lambda one: one.action in BREAK_GLASS,
    "canaries": lambda one: one.action == Action.CANARY_TOUCHED,
}
