"""What only whoever invented the people can say of them, and the diary they kept: never read from our tables."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from uuid import UUID

BEGINNING = datetime.min.replace(tzinfo=UTC)
"""Since always."""

Clock = tuple[datetime, str]
"""From this moment on they are, as far as they told us, on the clock of this zone."""


@dataclass(frozen=True, slots=True)
class Hours:
    """[starts, ends) on a wall clock, within one day."""

    starts: time
    ends: time

    def cover(self, clock: time) -> bool:
        return self.starts <= clock < self.ends


@dataclass(frozen=True, slots=True)
class SafeTimes:
    """What somebody said of one line on their own clock; what they left open is None. Weekdays: 0 is Monday."""

    safe: Hours | None = None
    unsafe: Hours | None = None
    days: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One way to reach somebody. `number` is any key that is equal for lines that share a number, and no number.

    `changes` are other safe times, each from a moment on; `may_call_back_if_cut`: they agreed to one reconnection.
    """

    number: str
    times: SafeTimes = SafeTimes()
    changes: tuple[tuple[datetime, SafeTimes], ...] = ()
    may_call_back_if_cut: bool = False

    def times_at(self, at: datetime) -> SafeTimes:
        """What they had said by `at`."""
        told = [times for since, times in self.changes if since <= at]
        return told[-1] if told else self.times


@dataclass(frozen=True, slots=True)
class Imported:
    """For those who came in a list, which leaves one event for all: what they had agreed to, and where they were."""

    at: datetime
    said_at: datetime
    stage: str
    purposes: frozenset[str] = frozenset({"recontact", "keep_number"})


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person. `clocks` oldest first; several zones since the same moment hold together.

    `lines` by the id of the contact point, those added later included. `barred`: since when whom they never want.
    """

    audit_ref: UUID
    clocks: tuple[Clock, ...]
    lines: Mapping[UUID, Line]
    barred: tuple[tuple[datetime, UUID], ...] = ()
    imported: Imported | None = None

    def zones_at(self, at: datetime) -> tuple[str, ...]:
        """The clocks they may be on at `at`."""
        told = [since for since, _zone in self.clocks if since <= at]
        return tuple(zone for since, zone in self.clocks if told and since == max(told))


BY_STAGE = {
    "origin": 5, "in_transit": 6, "stranded": 6, "arrived": 6, "settled": 5, "returned": 5, "onward": 6, "unknown": 3,
    "crossing": 0, "detained": 0,
}  # fmt: skip
"""The cap of a round by stage (method 7)."""


@dataclass(frozen=True, slots=True)
class StudyRules:
    """What the study promises everybody; the defaults are the method's (3.2 and 7)."""

    calling: Hours = Hours(time(8), time(20))
    sittings_a_day: int = 2
    sittings_a_week: int = 5
    spacing_minutes: int = 180
    dials_a_sitting: int = 3
    consent_days: int = 365
    sittings_a_round: Mapping[str, int] = field(default_factory=lambda: dict(BY_STAGE))
    most_a_round: int = 8


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """Everybody invented, by audit reference; `stops`: since when a number is left alone because somebody said so."""

    people: Mapping[UUID, Person]
    study: StudyRules = StudyRules()
    stops: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class Diary:
    """What the inventor of the people counted while they lived; compared with what the trail says.

    Any object with some of these attributes will do: what it does not have is not compared.
    """

    enrolled: int = 0
    """Everybody who got a code, also those who are only counted in the baseline; imported people too."""
    followed: int = 0
    """Those of them who agreed to be called and to have their number kept; imported people too."""
    dials: int = 0
    """Dials that were placed: those not cancelled."""
    sittings: int = 0
    """Sittings in which at least one dial was placed."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """By code, each sitting once, late or not, also those ended by the unsafe button (`unsafe`)."""
    interviews: int = 0
    """Sittings whose outcome was `completed`, and interviews completed outside the queue."""
    handed_back: int = 0
    """Claims given back before a dial."""
    withdrawals: int = 0
    """Times somebody withdrew through `casework.withdrawing`, whatever the grade."""
    stops: int = 0
    """Times a stop was recorded, by code or number, known or not."""
    erasures: int = 0
    """Times an erasure was carried out."""
    moves: int = 0
    """Moves recorded in the journeys, said in a call or outside one."""
    pauses: int = 0
    """Pauses people asked for."""
    new_numbers: int = 0
    """Numbers people gave after they had been enrolled."""
    requests: int = 0
    """Orientation requests people made."""


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows the tables have at the end, counted by the caller (`tests.year.rows.count`); None: not compared."""

    respondents: int | None = None
    sittings: int | None = None
    sittings_without_outcome: int | None = None
    outcomes: Mapping[str, int] | None = None
    dials: int | None = None
    dials_placed: int | None = None
    claims: int | None = None
    issued: int | None = None
    done: int | None = None
    missed: int | None = None
    cancelled: int | None = None
    owed: int | None = None
    holds: int | None = None
    erased: int | None = None
