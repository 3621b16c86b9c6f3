"""Choosing a slot from an outlook, and telling when no dial of this round is worth it any more."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from followups.contact_model.evidence import SLOT_COUNT, Flags, Floats, Ints

Keys = NDArray[np.uint64]

RANDOM_SHARE = 0.05
"""Of choices, made at random, so that the model can be judged by what it did not choose."""
LEAST = 0.61
"""What a dial has to promise, as a share of what the last dial of a round brings where slots go in turn
(`yields.last_in_turn`): a round rests below it. With eight attempts that is a contact in eighteen dials."""
LEAST_OF_STATED = 0.8
"""Who said when to call is troubled less: where neither that time nor what was learned helps, few others will."""
LEAST_OF_MOVED = 0.35
"""Whose life changed since the round before is tried for longer: nobody knows their new days, and each dial tells."""
EXPLORED = 0.6
"""How many standard deviations a slot's chance is given the benefit of the doubt: what is learned pays later."""
TRACED_BELOW = 0.5
TRACED_AFTER_DIALS, TRACED_AFTER_DAYS = 3, 2
TIE = 0.01
"""How far apart, in chance of contact, two slots have to be before one is clearly better."""


class Stop(StrEnum):
    """Why a round is not dialled on."""

    TRACE = "trace"  # the number is more likely dead than alive: look for another route
    REST = "rest"  # alive, but hardly ever there: the next round tries again


@dataclass(frozen=True, slots=True)
class Choices:
    """Of n people: the slot (a place in SLOTS), the model's chance of contact there, the probability with which this
    slot was chosen, and whether it was drawn at random."""

    slot: Ints
    chance: Floats
    propensity: Floats
    is_random: Flags


def choose(
    chances: Floats,
    doubts: Floats,
    admissible: Flags,
    keys: Keys,
    tries: Ints,
    *,
    seed: int,
    random_share: float = RANDOM_SHARE,
) -> Choices:
    """The slot for each person among their admissible ones (n, 8), of which everybody has one at least.

    `chances` and `doubts` are an outlook's. `keys` (n,) name the follow-up and `tries` (n,) count its dials: the same
    key, count and seed choose alike, however often they are asked. Close calls go by the key, so that a panel is not
    all called in the same hours.
    """
    worth = chances + EXPLORED * doubts + TIE * (_uniforms(seed, keys, 0) - 0.5)
    best = np.where(admissible, worth, -np.inf).argmax(axis=1)
    lots = _uniforms(seed, keys, tries.astype(np.uint64) + np.uint64(1))
    at_random = np.where(admissible, lots, -1).argmax(axis=1)
    is_random = _uniforms(seed + 1, keys, tries.astype(np.uint64) + np.uint64(1))[:, 0] < random_share
    slot = np.where(is_random, at_random, best)
    people = np.arange(len(slot))
    of_any = random_share / admissible.sum(axis=1)
    return Choices(
        slot=slot,
        chance=chances[people, slot],
        propensity=(of_any + np.where(slot == best, 1 - random_share, 0)).astype(np.float32),
        is_random=is_random,
    )


def least_shares(has_stated: Flags, has_moved: Flags) -> Floats:
    """Of each person, what a dial has to promise, as a share of the last in turn (n,)."""
    of_known = np.where(has_stated, LEAST_OF_STATED, LEAST)
    return np.where(has_moved, LEAST_OF_MOVED, of_known).astype(np.float32)


def is_worth_it(chances: Floats, alive: Floats, tries: Ints, least: Floats) -> Flags:
    """Whether one more dial of this round is expected to give at least so many contacts; the first one always is."""
    return (tries == 0) | (alive * chances.max(axis=1) >= least)  # type: ignore[no-any-return]


def why_stop(alive: float, silent_dials: int, silent_days: int) -> Stop:
    """What to do where a dial is not worth it; `silent_dials` were made since the last contact, on so many days."""
    is_tried = silent_dials >= TRACED_AFTER_DIALS and silent_days >= TRACED_AFTER_DAYS
    return Stop.TRACE if is_tried and alive < TRACED_BELOW else Stop.REST


def _uniforms(seed: int, keys: Keys, salt: Keys | int) -> Floats:
    """Numbers in (0, 1) for each person and slot (n, 8), always the same for the same key: splitmix64."""
    with np.errstate(over="ignore"):
        start = keys.astype(np.uint64) ^ (np.uint64(seed % 2**64) * np.uint64(0x9E3779B97F4A7C15))
        start = start + np.asarray(salt, np.uint64) * np.uint64(0xD1B54A32D192ED03)
        mixed = start[:, None] + np.arange(1, SLOT_COUNT + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> np.uint64(31))
    return ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) / 2**53  # type: ignore[no-any-return]
