"""The facts about one person and one caller at one moment, from which every scheduling answer is worked out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from consent.folding import Standing
from followups.scheduling.planning import Window
from followups.scheduling.safe_times import CallingHours, SafeRules
from followups.scheduling.spans import Span
from tracker.number_status import NumberStatus
from tracker.stages import Stage

FIRM_TOLERANCE = timedelta(minutes=15)


class RespondentStatus(StrEnum):
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    DECEASED = "deceased"
    ERASED = "erased"


class FollowUpState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    READY = "ready"
    RESTING = "resting"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


class HoldKind(StrEnum):
    REFUSAL = "refusal"
    SAFETY = "safety"
    DETENTION = "detention"
    PAUSE = "pause"  # asked by the person
    REVIEW = "review"  # a coordinator has to look first


class AppointmentKind(StrEnum):
    FIRM = "firm"
    SOFT = "soft"


@dataclass(frozen=True, slots=True)
class Permission:
    """A consent purpose as it stands; a grant ends at `expires_at` even if nobody notices."""

    standing: Standing
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """A finished sitting at this person, in any study; the sitting in progress is not listed."""

    at: datetime
    counts_as_burden: bool  # False when nothing in it can have rung
    in_this_round: bool
    was_reached: bool = False


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """One number of the person, or of somebody they trust. `dials` are those that can have rung, in the last 7 days at
    least, of everyone who shares the number and in every study; `is_barred` is true when any of them barred it.

    `may_call` of a trusted person's is their own yes to asking such people. `tried` are the dials of the search in
    progress, `is_silent` a number that has given nothing for long (`tracing_order`); both are told in a search only.
    """

    id: UUID
    status: NumberStatus
    is_barred: bool
    may_call: bool
    safe: SafeRules = SafeRules()
    dials: tuple[datetime, ...] = ()
    is_trusted: bool = False
    has_words: bool = False
    may_message: bool = False
    tried: tuple[datetime, ...] = ()
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """No call until `until`; None means until someone reviews it."""

    kind: HoldKind
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A call-back the respondent asked for: firm (`from_at` alone counts) or soft ([from_at, until_at))."""

    kind: AppointmentKind
    from_at: datetime
    until_at: datetime
    asked_at: datetime

    @property
    def due(self) -> Span:
        """When the call is expected: 15 minutes around a firm time, the stated period of a soft one."""
        if self.kind is AppointmentKind.FIRM:
            return Span(self.from_at - FIRM_TOLERANCE, self.from_at + FIRM_TOLERANCE)
        return Span(self.from_at, self.until_at)


@dataclass(frozen=True, slots=True)
class Reconnection:
    """The person agreed to be called again if the line drops; good for one call in [agreed_at, until_at)."""

    agreed_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class LiveClaim:
    caller_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class BurdenLimits:
    """The most a person, and a number, is troubled, over all studies; a day is any 24 hours, a week any 7 days."""

    per_day: int = 2
    per_week: int = 5


@dataclass(frozen=True, slots=True)
class SlotOutlook:
    """What a contact model says of one follow-up: the chance of contact in each slot, in the order of `SLOTS`, if the
    number is alive, and the chance that it is. `doubts` is how far off each chance may be, a standard deviation, and
    `least` the contacts a dial has to promise. `key` names the follow-up, `seed` repeats the choices made from it;
    `model` is the version of the model."""

    chances: tuple[float, ...]
    doubts: tuple[float, ...]
    alive: float
    least: float
    key: int
    seed: int
    model: int


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that decides whether, when and by whom one follow-up may be called.

    `zones` are all time zones the person may be in, the likeliest first. `numbers` are in the order to dial them.
    `not_before` is the rest the last outcome asked for. `dialled` are the numbers already dialled in this sitting.
    `outlook` is only there for whoever chooses a slot. `newest_number_at` is when a number of their own was last added.
    `search_since` is when tries of a search count from; `sitting_is_to_trusted` is None outside a sitting.
    """

    respondent_id: UUID
    respondent_status: RespondentStatus
    recontact: Permission
    keep_number: Permission
    state: FollowUpState
    stage: Stage
    is_tracing: bool
    window: Window | None
    zones: tuple[str, ...]
    calling_hours: CallingHours
    numbers: tuple[NumberFacts, ...]
    attempt_cap: int
    language: str
    spacing_minutes: int = 180
    limits: BurdenLimits = BurdenLimits()
    rest_days: frozenset[int] = frozenset({5, 6})
    slot_offset: int = 0
    attempts: tuple[PastAttempt, ...] = ()
    not_before: datetime | None = None
    holds: tuple[Hold, ...] = ()
    appointment: Appointment | None = None
    reconnection: Reconnection | None = None
    claim: LiveClaim | None = None
    dialled: frozenset[UUID] = frozenset()
    caller_gender: str | None = None
    team_id: UUID | None = None
    barred_callers: frozenset[UUID] = frozenset()
    refused_to: frozenset[UUID] = frozenset()
    outlook: SlotOutlook | None = None
    newest_number_at: datetime | None = None
    search_since: datetime | None = None
    sitting_is_to_trusted: bool | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """An enumerator. `claim_on` is the respondent of their own live claim; `is_on_shift` is true where a study
    keeps no shifts."""

    id: UUID
    languages: frozenset[str]
    gender: str | None
    teams: frozenset[UUID]
    is_on_shift: bool
    claim_on: UUID | None = None
