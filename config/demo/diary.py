"""What the simulation knows it has done: counts to reconcile with, and what the invented people said of themselves."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from config.demo.sketches import Sketch
from tracker.keeping import SafeContact
from tracker.models import ContactPoint, Respondent


@dataclass
class Told:
    """What one respondent told us: the clocks they lived by since when, and their numbers with when each is safe.

    Clocks since the same moment hold together. `listed` is set for somebody who came in by a list at that moment.
    """

    audit_ref: UUID
    clocks: list[tuple[datetime, str]]
    lines: dict[UUID, tuple[str, SafeContact]] = field(default_factory=dict)
    barred: list[tuple[datetime, UUID]] = field(default_factory=list)
    listed: Sketch | None = None


@dataclass
class Diary:
    """Counts, by the words of the glossary. `outcomes` by code of the disposition, `refused` by code of the refusal."""

    enrolled: int = 0
    followed: int = 0
    dials: int = 0
    sittings: int = 0
    interviews: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    withdrawals: int = 0
    stops: int = 0
    erasures: int = 0
    moves: int = 0
    pauses: int = 0
    new_numbers: int = 0
    requests: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    people: dict[UUID, Told] = field(default_factory=dict)
    numbers_stopped: dict[str, datetime] = field(default_factory=dict)

    def meets(
        self, person: Respondent, zones: Sequence[str], at: datetime, listed: Sketch | None = None
    ) -> None:
        """Somebody was enrolled and said where they are."""
        if person.audit_ref is not None:
            self.people[person.pk] = Told(person.audit_ref, [(at, zone) for zone in zones], listed=listed)

    def hears_clock(self, person: Respondent, zone: str, at: datetime) -> None:
        """They said that they live by another clock now."""
        self.moves += 1
        if zone and person.pk in self.people:
            self.people[person.pk].clocks.append((at, zone))

    def keeps_number(self, point: ContactPoint, number: str, safe: SafeContact) -> None:
        """They gave a number."""
        if point.respondent_id in self.people:
            self.people[point.respondent_id].lines[point.pk] = (number, safe)
