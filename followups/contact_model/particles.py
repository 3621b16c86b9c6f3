"""The people a person could be: fixed draws of level and pattern, shared by everybody and weighed for each."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from followups.contact_model.evidence import NOT_STATED, SLOT_COUNT, Floats
from followups.contact_model.parameters import Parameters

COUNT = 768
DRAWN_WITH = 20_410


@lru_cache(maxsize=4)
def draws(count: int = COUNT) -> Floats:
    """Standard normal draws (count, 9): the person's level, then their pattern. In pairs of opposites, scaled to 1."""
    half = np.random.default_rng(DRAWN_WITH).normal(size=(count // 2, 1 + SLOT_COUNT))
    both = np.vstack([half, -half])
    return (both / both.std(axis=0)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Table:
    """Of one segment and stated slot, for every particle: log chances of answer and of none (k, 8), and how likely
    the statement is of such a person, as a log (k,)."""

    answers: Floats
    silence: Floats
    statement: Floats
    is_best: Floats


def table(parameters: Parameters, segment: str, stated: int) -> Table:
    """What each particle would be like in this segment."""
    drawn = draws()
    shared = parameters.level + np.add(parameters.by_slot, parameters.of_segment(segment))
    own = parameters.spread_person * drawn[:, :1] + parameters.spread_pattern * drawn[:, 1:]
    logits = shared.astype(np.float32) + own
    is_best = np.zeros(len(drawn), np.float32)
    statement = np.zeros(len(drawn), np.float32)
    if stated != NOT_STATED:
        is_best = (logits.argmax(axis=1) == stated).astype(np.float32)
        right = parameters.stated_right
        statement = np.log(right * is_best + (1 - right) / SLOT_COUNT).astype(np.float32)
    return Table(-np.logaddexp(0, -logits), -np.logaddexp(0, logits), statement, is_best)
