"""What a dial brings where nothing was learned of anybody: the measure of what a dial has to promise."""

from functools import lru_cache

import numpy as np

from followups.contact_model.evidence import NOT_STATED, SLOT_COUNT
from followups.contact_model.parameters import Parameters
from followups.contact_model.particles import table

ANYBODY = ""


def last_in_turn(parameters: Parameters, cap: int) -> float:
    """Contacts expected of the last of `cap` dials of a round, of somebody of whom nothing is known, slots in turn.

    Whom `cap - 1` dials did not reach is less likely to be there, and their number to be alive: the more attempts a
    plan allows, and the more numbers are dead, the less the last one brings.
    """
    return _last_in_turn(
        parameters.level, parameters.by_slot, parameters.spread_person, parameters.spread_pattern,
        parameters.dead, cap,
    )  # fmt: skip


@lru_cache(maxsize=256)
def _last_in_turn(
    level: float, by_slot: tuple[float, ...], person: float, pattern: float, dead: float, cap: int
) -> float:
    plain = Parameters(level=level, by_slot=by_slot, spread_person=person, spread_pattern=pattern)
    ready = table(plain, ANYBODY, NOT_STATED)
    dialled = np.bincount(np.arange(cap - 1) % SLOT_COUNT, minlength=SLOT_COUNT)
    unreached = (1 - dead) * np.exp(ready.silence @ dialled)
    answers = np.exp(ready.answers[:, (cap - 1) % SLOT_COUNT])
    return float((unreached @ answers) / (unreached.sum() + dead * len(unreached)))
