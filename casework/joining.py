"""Whether somebody who joins will be called, and what of their yes and no is written down (pure but for its types)."""

from collections.abc import Iterable
from enum import StrEnum

from consent.folding import Decision
from consent.purposes import FOR_A_CALL, RULES, Purpose
from tracker.profile import AgeBand


class Followed(StrEnum):
    """Whether somebody is called again, or why not."""

    YES = "yes"
    NOT_AGREED = "not_agreed"
    UNDER_18 = "under_18"


FOR_A_MINOR = frozenset({Purpose.INTERVIEW, Purpose.SHARE_PSEUDONYMOUS})
"""What stands of a minor's answers: the interview that took place. Calling them needs rules that are not here yet."""


def whether_followed(granted: Iterable[Purpose], age_band: AgeBand) -> Followed:
    """Called again only with a yes to being called and to keeping the number, and not under 18."""
    if age_band == AgeBand.UNDER_18:
        return Followed.UNDER_18
    return Followed.YES if set(FOR_A_CALL) <= set(granted) else Followed.NOT_AGREED


def to_write_down(answers: dict[Purpose, Decision], followed: Followed) -> dict[Purpose, Decision]:
    """The answers the ledger takes: all, or what may stand of a minor's."""
    if followed is not Followed.UNDER_18:
        return answers
    return {purpose: decision for purpose, decision in answers.items() if purpose in FOR_A_MINOR}


def lacking(answers: dict[Purpose, Decision]) -> Purpose | None:
    """A purpose granted without one that it needs, or None when the answers fit together."""
    granted = {purpose for purpose, decision in answers.items() if decision is Decision.GRANTED}
    return next((one for one in granted if not set(RULES[one].needs) <= granted), None)
