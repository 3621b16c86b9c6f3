"""The rules between one person and one caller: who may not call whom, even when somebody else may."""

from collections.abc import Callable
from datetime import datetime

from followups.scheduling.reasons import Reason, Refusal
from followups.scheduling.situation import Caller, Situation

PairRule = Callable[[Situation, Caller], bool]


def _is_barred(s: Situation, caller: Caller) -> bool:
    """Named by the person as never, or handed the person back because they know each other."""
    return caller.id in s.barred_callers


def _speaks_another_language(s: Situation, caller: Caller) -> bool:
    return s.language not in caller.languages


def _is_of_the_unwanted_gender(s: Situation, caller: Caller) -> bool:
    """A wish that is stated holds; a caller who has not said is no match for it."""
    return s.caller_gender is not None and caller.gender != s.caller_gender


def _is_of_another_team(s: Situation, caller: Caller) -> bool:
    return s.team_id is not None and s.team_id not in caller.teams


def _was_refused(s: Situation, caller: Caller) -> bool:
    """After a soft refusal the one retry is made by somebody else."""
    return caller.id in s.refused_to


def _is_off_shift(s: Situation, caller: Caller) -> bool:
    return not caller.is_on_shift


def _holds_another_claim(s: Situation, caller: Caller) -> bool:
    return caller.claim_on not in (None, s.respondent_id)


PAIR_RULES: tuple[tuple[Reason, PairRule], ...] = (
    (Reason.CALLER_BARRED, _is_barred),
    (Reason.LANGUAGE_NOT_SPOKEN, _speaks_another_language),
    (Reason.GENDER_NOT_WANTED, _is_of_the_unwanted_gender),
    (Reason.OTHER_TEAM, _is_of_another_team),
    (Reason.ANOTHER_CALLER_AFTER_REFUSAL, _was_refused),
    (Reason.CALLER_NOT_ON_SHIFT, _is_off_shift),
    (Reason.CALLER_HAS_ANOTHER_CLAIM, _holds_another_claim),
)


def pair_refusals(situation: Situation, caller: Caller, now: datetime) -> tuple[Refusal, ...]:
    """Every reason why this caller is not the one for this person; says nothing about consent, hours or burden."""
    return tuple(Refusal(reason) for reason, refuses in PAIR_RULES if refuses(situation, caller))
