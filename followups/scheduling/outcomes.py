"""What an outcome is made of: the columns of the table of dispositions."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from followups.scheduling.priority import PriorityClass
from followups.scheduling.situation import AppointmentKind, HoldKind
from tracker.number_status import NumberStatus

Sentence = Any
"""A lazily translated string."""


class Letter(StrEnum):
    """The groups of AAPOR Standard Definitions (9th ed. 2016) from which the rates are made."""

    COMPLETE = "I"
    PARTIAL = "P"
    REFUSAL = "R"
    NON_CONTACT = "NC"
    OTHER = "O"
    UNKNOWN = "UO"
    NOT_ELIGIBLE = "NE"


class FollowUpOutcome(StrEnum):
    DONE = "done"  # the interview is made
    RESTING = "resting"  # try again later
    CLOSES = "closes"  # no interview this round, and no more tries


class WhoAnswered(StrEnum):
    RESPONDENT = "respondent"
    OTHER = "other"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


class FinalRank(IntEnum):
    """The order in which outcomes win the final code of a round (method 2.3); the lowest wins."""

    COMPLETE = 1
    PARTIAL = 2
    STOPPED = 3
    DECEASED = 4
    NOT_ELIGIBLE = 5
    SOFT_REFUSAL = 6
    PREVENTED = 7
    REACHED = 8
    CALL_BACK_NOT_HONOURED = 9
    OTHER_ANSWERED = 10
    NOTHING_LEARNED = 11


@dataclass(frozen=True, slots=True)
class HoldEffect:
    """The hold an outcome places; `days` None lasts until somebody reviews it."""

    kind: HoldKind
    days: int | None


@dataclass(frozen=True, slots=True)
class Disposition:
    """One coded outcome of an attempt and everything that follows from it.

    `letter` is None where the outcome alone never is the final code of a round. `delay_minutes` is the rest it asks
    for before the next attempt. `counts_as_burden` is False when nothing can have rung; such an attempt is not
    spaced either. `number_effect` is the new status of the number dialled. `ends_contact` stops everything owed to
    the person, as a withdrawal does. `bars_number` is the wish of whoever answers it. `is_final` ends this round.
    """

    code: str
    aapor: str
    label: Sentence
    help: Sentence
    follow_up: FollowUpOutcome
    rank: FinalRank
    priority: PriorityClass
    who_answered: WhoAnswered
    letter: Letter | None = None
    delay_minutes: int = 0
    hold: HoldEffect | None = None
    number_effect: NumberStatus | None = None
    counts_as_burden: bool = True
    needs_appointment: AppointmentKind | None = None
    needs_review: bool = False
    ends_contact: bool = False
    bars_number: bool = False

    @property
    def is_final(self) -> bool:
        return self.follow_up is not FollowUpOutcome.RESTING

    @property
    def is_reached(self) -> bool:
        """Whether the respondent was on the line."""
        return self.who_answered is WhoAnswered.RESPONDENT


def follow_up_after(latest: Disposition, earlier: Iterable[Disposition]) -> FollowUpOutcome:
    """What becomes of the follow-up: a second refusal in one round closes it, for only one retry is made."""
    if latest.rank is not FinalRank.SOFT_REFUSAL:
        return latest.follow_up
    refused_before = any(one.rank is FinalRank.SOFT_REFUSAL for one in earlier)
    return FollowUpOutcome.CLOSES if refused_before else latest.follow_up
