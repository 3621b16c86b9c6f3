"""What the trail and the dials tell, put together person by person; says what happened and not whether it may."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tests.year.telling import DialRow

Moment = tuple[datetime, int]
"""When, and as which event of the trail: of two at the same instant, which was first."""


@dataclass(frozen=True, slots=True)
class Said:
    """A yes or a no to one purpose, as it reached the trail, and when it was said."""

    moment: Moment
    purpose: str
    is_yes: bool
    said_at: datetime


@dataclass(slots=True)
class Hold:
    moment: Moment
    kind: str
    until: datetime | None
    lifted: Moment | None = None

    def stands_at(self, moment: Moment) -> bool:
        is_over = self.until is not None and self.until <= moment[0]
        return self.moment < moment and not is_over and (self.lifted is None or moment < self.lifted)


@dataclass(slots=True)
class Lease:
    """A claim: from its moment until it ran out or was ended."""

    claim: UUID
    ref: UUID | None
    actor: UUID | None
    moment: Moment
    until: datetime
    follow_up: UUID | None = None
    ended: Moment | None = None

    @property
    def over(self) -> Moment:
        """When it was over: its end, or the moment it ran out if nobody had ended it by then."""
        ran_out = (self.until, 0)
        return min(self.ended, ran_out) if self.ended else ran_out

    def end(self, moment: Moment) -> None:
        """The first end is the one that counts."""
        if self.ended is None or moment < self.ended:
            self.ended = moment

    def is_live_at(self, moment: Moment) -> bool:
        return self.moment <= moment and moment <= self.over


@dataclass(frozen=True, slots=True)
class Look:
    """Something sealed was opened. `dial` is known for a number shown or rung; `point` what was opened."""

    moment: Moment
    actor: UUID | None
    ref: UUID | None
    opening: str = ""
    point: UUID | None = None
    dial: UUID | None = None


@dataclass(slots=True)
class Dialled:
    """A dial as the trail tells of its order, its row, and each time its number was opened."""

    id: UUID
    moment: Moment
    ref: UUID | None
    actor: UUID | None
    claim: UUID | None
    attempt: UUID | None
    row: DialRow | None = None
    looks: list[Look] = field(default_factory=list)

    @property
    def was_placed(self) -> bool:
        return self.row is not None and self.row.was_placed

    @property
    def may_have_rung(self) -> bool:
        return self.row is not None and self.row.may_have_rung

    @property
    def moments(self) -> tuple[Moment, ...]:
        """When it has to be allowed: as it is ordered, and as it is placed."""
        placed_at = self.row.placed_at if self.row else None
        if placed_at is None or placed_at == self.moment[0]:
            return (self.moment,)
        looks = [look.moment for look in self.looks if look.moment[0] == placed_at]
        return (self.moment, looks[0] if looks else (placed_at, self.moment[1]))


@dataclass(frozen=True, slots=True)
class Outcome:
    moment: Moment
    code: str
    actor: UUID | None
    is_done: bool


@dataclass(slots=True)
class Sitting:
    """An attempt: all dials of one claim, and what came of it."""

    attempt: UUID
    dials: list[Dialled] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def begins(self) -> Moment:
        return self.dials[0].moment

    @property
    def rang(self) -> Moment:
        """When the person may first have heard of it."""
        return next((one.moment for one in self.dials if one.may_have_rung), self.begins)

    @property
    def claim(self) -> UUID | None:
        return self.dials[0].claim

    @property
    def was_placed(self) -> bool:
        return any(dialled.was_placed for dialled in self.dials)

    @property
    def may_have_rung(self) -> bool:
        return any(dialled.may_have_rung for dialled in self.dials)

    @property
    def outcome(self) -> str:
        return self.outcomes[0].code if self.outcomes else ""


@dataclass(frozen=True, slots=True)
class CallBack:
    """An appointment: firm at `due_from`, or soft in [due_from, due_until)."""

    moment: Moment
    kind: str
    follow_up: UUID | None
    due_from: datetime
    due_until: datetime


@dataclass(slots=True)
class Story:
    """One person's year."""

    ref: UUID
    said: list[Said] = field(default_factory=list)
    stages: list[tuple[Moment, str]] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    ends: list[tuple[Moment, str]] = field(default_factory=list)
    barred: list[tuple[Moment, UUID | None]] = field(default_factory=list)
    leases: list[Lease] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    call_backs: list[CallBack] = field(default_factory=list)


@dataclass(slots=True)
class Issued:
    """A follow-up: the stages it was planned for, when its window opened, and each end it came to."""

    planned: list[tuple[Moment, str]] = field(default_factory=list)
    opened: list[Moment] = field(default_factory=list)
    ends: list[tuple[Moment, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class History:
    """Everything together. `strays` and `plaintext` are what fits nowhere, in words."""

    people: dict[UUID, Story] = field(default_factory=dict)
    leases: dict[UUID, Lease] = field(default_factory=dict)
    dials: dict[UUID, Dialled] = field(default_factory=dict)
    sittings: dict[UUID, Sitting] = field(default_factory=dict)
    sitting_of: dict[UUID | None, UUID] = field(default_factory=dict)
    follow_ups: dict[UUID, Issued] = field(default_factory=lambda: defaultdict(Issued))
    holds: dict[UUID | None, Hold] = field(default_factory=dict)
    harmed: list[tuple[Moment, UUID, str]] = field(default_factory=list)
    statuses: dict[UUID, list[tuple[Moment, str]]] = field(default_factory=lambda: defaultdict(list))
    contact_ended: list[tuple[Moment, UUID | None, UUID | None]] = field(default_factory=list)
    stopped_by_code: list[datetime] = field(default_factory=list)
    shown: list[Look] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    erased: set[UUID | None] = field(default_factory=set)
    completed_outside: int = 0
    strays: list[str] = field(default_factory=list)
    plaintext: list[tuple[datetime, str]] = field(default_factory=list)

    def story(self, ref: UUID) -> Story:
        return self.people.setdefault(ref, Story(ref))
