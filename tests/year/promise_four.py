"""Nothing is lost: every sitting has its dials and one outcome, every follow-up one end, and all totals agree."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from audit.actions import Action
from tests.year.answer_key import AnswerKey, Rows
from tests.year.history import History, Issued, Moment, Sitting
from tests.year.violation import Violation


def everything_fits_together(history: History, key: AnswerKey) -> Iterator[Violation]:
    """Every dial has its order in the trail and its row, and each end is the end of something."""
    for told in history.strays:
        yield Violation("P4 stray", told)
    for dialled in history.dials.values():
        if dialled.row is None:
            yield Violation(
                "P4 dial", f"dial {dialled.id} was ordered and is no row", dialled.moment[0], dialled.ref
            )
        if dialled.ref is None or dialled.claim not in history.leases:
            told = f"dial {dialled.id} is of no claim or of nobody"
            yield Violation("P4 dial", told, dialled.moment[0], dialled.ref)


def every_sitting_ends_once(history: History, key: AnswerKey) -> Iterator[Violation]:
    """One claim, one person, one caller, and one outcome at most: those without one are counted below."""
    for sitting in history.sittings.values():
        for told in _what_is_wrong(sitting):
            told = f"sitting {sitting.attempt} {told}"
            yield Violation("P4 sitting", told, sitting.begins[0], sitting.dials[0].ref)


def _what_is_wrong(sitting: Sitting) -> Iterator[str]:
    if len(sitting.outcomes) > 1:
        yield f"has {len(sitting.outcomes)} outcomes: {', '.join(one.code for one in sitting.outcomes)}"
    if any(outcome.moment < sitting.begins for outcome in sitting.outcomes):
        yield "ended before it began"
    if len({(one.claim, one.ref, one.actor) for one in sitting.dials}) > 1:
        yield "is of several claims, people or callers"


def every_follow_up_ends_once(history: History, key: AnswerKey) -> Iterator[Violation]:
    """Done, missed or cancelled, with a reason; or missed, and completed late; or still owed."""
    for follow_up, issued in history.follow_ups.items():
        for told in _what_is_wrong_with(issued):
            at = issued.ends[-1][0][0] if issued.ends else issued.opened[0][0]
            yield Violation("P4 follow-up", f"follow-up {follow_up} {told}", at)


def _what_is_wrong_with(issued: Issued) -> Iterator[str]:
    ends = tuple(how for _moment, how, _reason in issued.ends)
    if len(issued.opened) > 1:
        yield f"was issued {len(issued.opened)} times"
    if len(ends) > 1 and ends != ("missed", "done"):
        yield f"ended {len(ends)} times: {', '.join(ends)}"
    if ends and not issued.opened and ends != ("cancelled",):
        yield f"was never issued and ended as {', '.join(ends)}"
    if any(not reason for _moment, _how, reason in issued.ends):
        yield "ended without a reason"
    if issued.opened and any(moment < issued.opened[0] for moment, _how, _reason in issued.ends):
        yield "ended before it was issued"


def the_diary_agrees(history: History, diary: object) -> Iterator[Violation]:
    """What the inventor of the people counted is what the trail says; what they did not count is not compared."""
    for name, told in _as_counted_by_the_diary(history).items():
        kept = getattr(diary, name, None)
        if kept is not None:
            yield from _differ(f"diary: {name}", kept, told)


def the_rows_agree(history: History, rows: Rows) -> Iterator[Violation]:
    """And so are the rows in the tables."""
    for name, told in _as_counted_by_the_rows(history).items():
        kept = getattr(rows, name)
        if kept is not None:
            yield from _differ(f"rows: {name}", kept, told)


def _differ(what: str, kept: Any, told: Any) -> Iterator[Violation]:
    if isinstance(kept, Mapping):
        for code in sorted({*kept, *told}):
            yield from _differ(f"{what} {code}", kept.get(code, 0), told.get(code, 0))
    elif kept != told:
        yield Violation("P4 totals", f"{what} has {kept}, the trail tells of {told}")


def _as_counted_by_the_diary(history: History) -> dict[str, Any]:
    counts = history.counts
    return {
        "enrolled": counts["people"],
        "followed": counts["followed"],
        "dials": sum(one.was_placed for one in history.dials.values()),
        "sittings": sum(one.was_placed for one in history.sittings.values()),
        "outcomes": history.outcomes,
        "interviews": history.outcomes["completed"] + history.completed_outside,
        "handed_back": counts[Action.CLAIM_RELEASED],
        "withdrawals": _withdrawals(history),
        "stops": counts[Action.STOP_RECORDED],
        "erasures": counts[Action.RESPONDENT_ERASED],
        "moves": counts[Action.STAGE_MOVED],
        "pauses": counts["hold pause"],
        "new_numbers": counts["numbers given"],
        "requests": counts[Action.ORIENTATION_REQUESTED],
    }


def _withdrawals(history: History) -> int:
    """Ends of contact that came neither of an outcome nor of a stop by code: those leave their own event beside."""
    by_outcome = {
        (dialled.ref, outcome.actor, outcome.moment[0])
        for sitting in history.sittings.values()
        for dialled in sitting.dials
        for outcome in sitting.outcomes
    }
    stopped_at = Counter(history.stopped_by_code)
    found = 0
    for (at, _id), ref, actor in history.contact_ended:
        if (ref, actor, at) in by_outcome:
            continue
        if stopped_at[at] > 0:
            stopped_at[at] -= 1
            continue
        found += 1
    return found


def _as_counted_by_the_rows(history: History) -> dict[str, Any]:
    ends = Counter(_state(issued) for issued in history.follow_ups.values() if issued.opened)
    return {
        "respondents": history.counts["people"],
        "sittings": len(history.sittings),
        "sittings_without_outcome": sum(not one.outcomes for one in history.sittings.values()),
        "outcomes": history.outcomes,
        "dials": len(history.dials),
        "dials_placed": sum(one.was_placed for one in history.dials.values()),
        "claims": len(history.leases),
        "issued": sum(bool(one.opened) for one in history.follow_ups.values()),
        "done": ends["done"],
        "missed": ends["missed"],
        "cancelled": ends["cancelled"],
        "owed": ends["owed"],
        "holds": len(history.holds),
        "erased": len(history.erased),
    }


def _state(issued: Issued) -> str:
    last: tuple[Moment, str, str] | None = max(issued.ends, default=None)
    return last[1] if last else "owed"
