"""Why somebody is or is not callable now, in sentences, for the people who ask."""

from dataclasses import dataclass
from datetime import datetime

from followups import facts
from followups.days import their_time
from followups.models import FollowUp
from followups.models.follow_ups import State
from followups.scheduling.explanations import why
from followups.scheduling.hard_filters import refusals
from followups.scheduling.reasons import Reason, Refusal
from followups.scheduling.situation import Situation
from tracker.models import Respondent


@dataclass(frozen=True, slots=True)
class Explained:
    """One interview owed, and every reason why nobody may call for it now; no reason means callable."""

    follow_up: FollowUp
    sentences: tuple[str, ...]

    @property
    def is_callable(self) -> bool:
        return not self.sentences


def why_not(respondent: Respondent, now: datetime) -> list[Explained]:
    """For each interview owed to the respondent, the reasons in the order of the rules, on the respondent's clock."""
    owed = list(FollowUp.objects.of(respondent).unfinished().with_facts())
    situations = facts.situations(owed, now=now)
    return [
        Explained(one, tuple(sentence(found, respondent) for found in _reasons(one, situations[one.pk], now)))
        for one in owed
    ]


def _reasons(owed: FollowUp, situation: Situation, now: datetime) -> tuple[Refusal, ...]:
    """What the rules refuse, and that the queue lets the round rest all the same."""
    found = refusals(situation, now)
    rests = owed.state == State.RESTING and owed.waiting_for == Reason.RESTING_THIS_ROUND
    return (*found, Refusal(Reason.RESTING_THIS_ROUND)) if rests else found


def sentence(refusal: Refusal, respondent: Respondent) -> str:
    """One refusal in the reader's language, with its end on the respondent's clock."""
    return why(refusal, their_time(refusal.until, respondent) if refusal.until else "")
