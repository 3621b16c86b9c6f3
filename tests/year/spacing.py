"""Rest between sittings: three hours, and so many in a round; but for a call the person asked for (method 3.2, 2.3)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from tests.year.answer_key import AnswerKey
from tests.year.history import CallBack, History, Sitting, Story
from tests.year.violation import Violation

FIRM = timedelta(minutes=15)
"""A firm call-back is at its time, a quarter of an hour before or after (method 2.3)."""
DROPPED = "technical"


def sittings_keep_their_distance(history: History, key: AnswerKey) -> Iterator[Violation]:
    """From one that may have rung to the next: exempt are a call-back in its time, and one agreed reconnection."""
    rest = timedelta(minutes=key.study.spacing_minutes)
    for story in history.people.values():
        person = key.people.get(story.ref)
        may_call_back = any(line.may_call_back_if_cut for line in person.lines.values()) if person else False
        last: Sitting | None = None
        was_reconnection = False
        for sitting in (one for one in story.sittings if one.may_have_rung):
            is_close = last is not None and sitting.rang[0] - last.rang[0] < rest
            is_reconnection = is_close and may_call_back and not was_reconnection and _was_cut(story, sitting)
            if last is not None and is_close and not is_reconnection and not _was_asked_for(story, sitting):
                gap = sitting.rang[0] - last.rang[0]
                told = f"sitting {sitting.attempt} came {gap} after the one before"
                yield Violation("P5 spacing", told, sitting.begins[0], story.ref)
            last, was_reconnection = sitting, is_reconnection


def _was_cut(story: Story, sitting: Sitting) -> bool:
    """Whether the line had dropped in the sitting right before this one."""
    before = [one for one in story.sittings if one.begins < sitting.begins]
    return bool(before) and before[-1].outcome == DROPPED


def _was_asked_for(story: Story, sitting: Sitting) -> bool:
    """Whether it is the call-back that the person asked for last, in its time, and the first in it."""
    asked = [one for one in story.call_backs if one.moment < sitting.begins]
    newest = {one.follow_up: one for one in asked}
    return any(
        _is_in_time(one, sitting) and not _was_honoured(one, story, sitting) for one in newest.values()
    )


def _is_in_time(asked: CallBack, sitting: Sitting) -> bool:
    at = sitting.rang[0]
    if asked.kind == "firm":
        return asked.due_from - FIRM <= at <= asked.due_from + FIRM
    return asked.due_from <= at < asked.due_until


def _was_honoured(asked: CallBack, story: Story, sitting: Sitting) -> bool:
    return any(
        asked.moment < one.begins < sitting.begins and one.may_have_rung and _is_in_time(asked, one)
        for one in story.sittings
    )


def no_round_takes_too_many_sittings(history: History, key: AnswerKey) -> Iterator[Violation]:
    """As many as the stage allows, and one more if the last of them produced a call-back (method 0.5 and 7)."""
    for story in history.people.values():
        rounds: dict[UUID, list[Sitting]] = defaultdict(list)
        for sitting in story.sittings:
            lease = history.leases.get(sitting.claim) if sitting.claim else None
            if lease is not None and lease.follow_up is not None and sitting.may_have_rung:
                rounds[lease.follow_up].append(sitting)
        for follow_up, made in rounds.items():
            cap = _cap(history, story, follow_up, key)
            for nth, sitting in enumerate(made, start=1):
                is_extra = nth == cap + 1 and _produced_a_call_back(story, follow_up, made[nth - 2], sitting)
                if nth > cap and not is_extra:
                    told = f"sitting {sitting.attempt} is number {nth} in a round of {cap}"
                    yield Violation("P5 round", told, sitting.begins[0], story.ref)


def _cap(history: History, story: Story, follow_up: UUID, key: AnswerKey) -> int:
    """By the stage it was planned for last; what came in a list was planned for the first stage they stated."""
    planned = history.follow_ups[follow_up].planned
    stage = planned[-1][1] if planned else story.stages[0][1] if story.stages else ""
    return key.study.sittings_a_round.get(stage, key.study.most_a_round)


def _produced_a_call_back(story: Story, follow_up: UUID, last: Sitting, sitting: Sitting) -> bool:
    return any(
        one.follow_up == follow_up and last.begins <= one.moment < sitting.begins for one in story.call_backs
    )
