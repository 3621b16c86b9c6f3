"""Which of the admissible slots a round is dialled in next: by the outlook, or in turn; and when not at all."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from followups.contact_model.choosing import Stop, choose, is_worth_it, why_stop
from followups.scheduling.burden_rules import burdens
from followups.scheduling.situation import PastAttempt, Situation, SlotOutlook
from followups.scheduling.slots import SLOTS, Slot, least_tried, slot_of
from kernel.zones import local


@dataclass(frozen=True, slots=True)
class Choice:
    """One slot chosen for the n-th attempt of a round, and how: what the log keeps.

    `model` is the version of the model that had a part in it; None where slots go in turn, and then `chance` too.
    `propensity` is the probability with which this slot was to be chosen.
    """

    slot: Slot
    attempt_number: int
    propensity: float = 1.0
    chance: float | None = None
    is_random: bool = False
    model: int | None = None
    seed: int | None = None


def why_stopped(situation: Situation) -> Stop | None:
    """Why the model would not dial on in this round; None where it would, or has no word in it.

    After a refusal it has none: what it learned of answering says nothing of being willing (method 3.1, Wagner).
    """
    outlook = _outlook(situation)
    if outlook is None or _is_worth_it(outlook, situation):
        return None
    silent = _silent(situation)
    return why_stop(outlook.alive, len(silent), len({_on(one, situation) for one in silent}))


def chosen(situation: Situation, admissible: Collection[Slot]) -> Choice | None:
    """The slot for the next attempt; None when none is admissible. The same situation always chooses the same."""
    number = attempt_number(situation)
    if not admissible:
        return None
    outlook = _outlook(situation)
    if outlook is None:
        slot = least_tried(times_tried(situation), admissible, situation.slot_offset)
        return Choice(slot, number) if slot else None
    found = choose(
        _row(outlook),
        np.array([outlook.doubts], np.float32),
        np.array([[slot in admissible for slot in SLOTS]]),
        np.array([outlook.key], np.uint64),
        _tries(situation),
        seed=outlook.seed,
    )
    return Choice(
        slot=SLOTS[int(found.slot[0])],
        attempt_number=number,
        propensity=min(float(found.propensity[0]), 1.0),
        chance=float(found.chance[0]),
        is_random=bool(found.is_random[0]),
        model=outlook.model,
        seed=outlook.seed,
    )


def attempt_number(situation: Situation) -> int:
    """Which attempt of the round the next one is; all are counted, also those that cannot have rung."""
    return sum(attempt.in_this_round for attempt in situation.attempts) + 1


def times_tried(situation: Situation) -> Counter[Slot]:
    """How often each slot was tried in this round, on the likeliest of the person's clocks."""
    hours, zone_name = situation.calling_hours.hours, situation.zones[0]
    tried = (
        slot_of(local(attempt.at, zone_name), hours, situation.rest_days)
        for attempt in burdens(situation)
        if attempt.in_this_round
    )
    return Counter(slot for slot in tried if slot is not None)


def _outlook(situation: Situation) -> SlotOutlook | None:
    """What the model says, where it has a word in it: a search goes its own way, and so does the one retry."""
    return None if situation.refused_to or situation.is_tracing else situation.outlook


def _is_worth_it(outlook: SlotOutlook, situation: Situation) -> bool:
    alive, least = np.array([outlook.alive]), np.array([outlook.least])
    return bool(is_worth_it(_row(outlook), alive, _tries(situation), least)[0])


def _row(outlook: SlotOutlook) -> "np.ndarray":
    return np.array([outlook.chances], np.float32)


def _tries(situation: Situation) -> "np.ndarray":
    return np.array([attempt_number(situation) - 1], np.int64)


def _silent(situation: Situation) -> list[PastAttempt]:
    """The dials of this round, on the numbers they have now, that nobody answered since they were last reached."""
    since = situation.newest_number_at
    made = [one for one in burdens(situation) if one.in_this_round and (since is None or one.at >= since)]
    reached = [place for place, one in enumerate(made) if one.was_reached]
    return made[reached[-1] + 1 :] if reached else made


def _on(attempt: PastAttempt, situation: Situation) -> object:
    return local(attempt.at, situation.zones[0]).date()
