"""Folds the entries of one purpose into where it stands; pure, by order of arrival."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Decision(StrEnum):
    """What the person said."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """Where a purpose stands at a moment; only `GRANTED` lets anything happen."""

    GRANTED = "granted"
    NEVER_ASKED = "never_asked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: what was said, when it was said, when it reached the server, until when it holds."""

    decision: Decision
    at: datetime
    arrived_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """Where a purpose stands and, if granted, until when; `since` is when that was said."""

    standing: Standing
    since: datetime | None = None
    expires_at: datetime | None = None


def fold(entries: Iterable[Entry], now: datetime) -> Folded:
    """Where one purpose stands at `now`; `entries` in order of arrival.

    An entry that arrives late may take permission away, never give it back: a grant said before, or at the moment of,
    any no already known changes nothing. A no is counted whatever its clock says; one dated in the future is dated by
    its arrival, so that a wrong clock cannot block a person's later yes for ever.
    """
    latest_no: Entry | None = None
    grant: Entry | None = None
    for entry in entries:
        if entry.decision is not Decision.GRANTED:
            latest_no, grant = _later(latest_no, entry), None
        elif latest_no is None or _said_at(entry) > _said_at(latest_no):
            grant = _later(grant, entry)
    return _standing(grant, latest_no, now)


def _standing(grant: Entry | None, latest_no: Entry | None, now: datetime) -> Folded:
    if grant is not None:
        expired = grant.expires_at is not None and now >= grant.expires_at
        return Folded(Standing.EXPIRED if expired else Standing.GRANTED, _said_at(grant), grant.expires_at)
    if latest_no is None:
        return Folded(Standing.NEVER_ASKED)
    return Folded(Standing(latest_no.decision.value), _said_at(latest_no))


def _said_at(entry: Entry) -> datetime:
    return min(entry.at, entry.arrived_at)


def _later(one: Entry | None, other: Entry) -> Entry:
    return other if one is None or _said_at(other) >= _said_at(one) else one
