"""Bare facts about invented people and callers: words and moments, none of the types or rules that decide a call."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from uuid import UUID

Hours = tuple[time, time]
"""From the first, included, to the second, not included; past midnight when the second comes first; equal: all day."""

ALL_DAY = (time(0), time(0))
EVERY_DAY = frozenset(range(7))


@dataclass
class Line:
    """A telephone that rings somewhere; several people may have given its number. `rings`: whoever was called."""

    name: int
    rings: list[datetime] = field(default_factory=list)
    is_refused: bool = False  # wrong person, unsafe or barred, said by any who share it


@dataclass
class Number:
    """One number a person gave, and when it is safe to them."""

    id: UUID
    line: Line
    status: str = "active"
    whose: str = "own"
    is_barred: bool = False
    days: frozenset[int] = EVERY_DAY
    hours: tuple[Hours, ...] = (ALL_DAY,)
    unsafe: tuple[Hours, ...] = ()
    # Of a trusted person: whether the words to say to them were agreed. Of any: the dials of the search in progress,
    # and whether it has given nothing for long.
    has_words: bool = True
    tried: tuple[datetime, ...] = ()
    is_silent: bool = False


@dataclass(frozen=True)
class Season:
    """Other hours on the local days from the first, included, to the second, not included: narrower, never wider."""

    from_on: date
    until_on: date
    hours: Hours = ALL_DAY
    pauses: tuple[Hours, ...] = ()


@dataclass(frozen=True)
class Sitting:
    """One sitting at a person; `round` tells this study's round from those of other studies (None)."""

    at: datetime
    rang: bool
    round: int | None


@dataclass(frozen=True)
class Study:
    """What one study allows."""

    hours: Hours = (time(8), time(20))
    pauses: tuple[Hours, ...] = ()
    closed_on: frozenset[date] = frozenset()
    seasons: tuple[Season, ...] = ()
    rest_days: frozenset[int] = frozenset({5, 6})
    a_day: int = 2
    a_week: int = 5
    spacing_minutes: int = 180
    cap: int = 6


@dataclass
class Person:
    """Somebody owed an interview, as the world has them. Moments are aware UTC."""

    id: UUID
    study: Study
    zones: tuple[str, ...]
    numbers: list[Number]
    opens_at: datetime | None
    closes_at: datetime | None
    status: str = "active"
    # Purpose -> how it stands, and when a yes runs out.
    said: dict[str, tuple[str, datetime | None]] = field(
        default_factory=lambda: {"recontact": ("granted", None), "keep_number": ("granted", None)}
    )
    state: str = "open"
    stage: str = "stranded"
    is_tracing: bool = False
    search_since: datetime | None = None
    # Whether the sitting in progress is to somebody they trust; None outside a sitting.
    to_trusted: bool | None = None
    asks_trusted: bool = True
    round: int = 1
    language: str = "ti"
    wants_gender: str | None = None
    team: UUID | None = None
    barred_callers: frozenset[UUID] = frozenset()
    refused_to: frozenset[UUID] = frozenset()
    holds: tuple[tuple[str, datetime | None], ...] = ()
    sittings: tuple[Sitting, ...] = ()
    rest_until: datetime | None = None
    # kind, from, until, asked at
    call_back: tuple[str, datetime, datetime, datetime] | None = None
    # agreed at, until
    reconnect: tuple[datetime, datetime] | None = None
    # caller, until
    claim: tuple[UUID, datetime] | None = None
    dialled: frozenset[int] = frozenset()
    offset: int = 0
    # What a contact model might say: the chance in each slot, and that the number is alive. No rule asks it.
    outlook: tuple[tuple[float, ...], float] | None = None

    def but(self, **changes: object) -> Person:
        """The same person with something else true of them."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Caller:
    """An enumerator. `calling` is the person of a live claim of theirs."""

    id: UUID
    languages: frozenset[str] = frozenset({"ti", "ar"})
    gender: str | None = "female"
    teams: frozenset[UUID] = frozenset()
    calling: UUID | None = None
