"""The final code of one person in one round, from everything that happened in it (method 2.3)."""

from collections.abc import Iterable
from dataclasses import dataclass

from followups.scheduling.outcomes import Disposition, FinalRank, Letter


@dataclass(frozen=True, slots=True)
class FinalCode:
    """An AAPOR code (Standard Definitions, 9th ed. 2016) and the letter it counts under."""

    aapor: str
    letter: Letter


WITHDREW = FinalCode("2.112", Letter.REFUSAL)
DIED_BEFORE = FinalCode("2.31", Letter.NOT_ELIGIBLE)
NEVER_AVAILABLE = FinalCode("2.21", Letter.NON_CONTACT)
NO_CONTACT = FinalCode("2.20", Letter.NON_CONTACT)
NOT_ATTEMPTED = FinalCode("3.11", Letter.UNKNOWN)
NOT_LOCATED = FinalCode("3.90", Letter.UNKNOWN)
REACHED_WITHOUT_REFUSAL = FinalCode("2.90", Letter.OTHER)


def final_code(
    outcomes: Iterable[Disposition],
    any_working_route: bool,
    *,
    has_withdrawn: bool = False,
    died_before_round: bool = False,
) -> FinalCode:
    """The final code at the close of the round; `outcomes` are those of the round, oldest first.

    The strongest outcome wins, so a refusal sticks whatever no-answers follow; of equals the last wins. A call-back
    that was promised and never honoured is non-contact as long as nobody refused (queXS would count a refusal):
    publish this with the rates. `has_withdrawn` is a withdrawal by any way, not only in a call. `died_before_round`
    is for rounds after the one in which the death was learned.
    """
    latest_first = reversed(tuple(outcomes))
    best = min(latest_first, key=lambda outcome: outcome.rank, default=None)
    if died_before_round:
        return DIED_BEFORE
    if has_withdrawn and (best is None or best.rank > FinalRank.PARTIAL):
        return WITHDREW
    if best is None:
        return NOT_ATTEMPTED
    return _of(best, any_working_route)


def _of(best: Disposition, any_working_route: bool) -> FinalCode:
    if best.letter is not None:
        return FinalCode(best.aapor, best.letter)
    if best.rank is FinalRank.REACHED:
        return REACHED_WITHOUT_REFUSAL
    if best.rank in (FinalRank.CALL_BACK_NOT_HONOURED, FinalRank.OTHER_ANSWERED):
        return NEVER_AVAILABLE
    return NO_CONTACT if any_working_route else NOT_LOCATED
