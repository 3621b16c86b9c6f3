"""Learning a panel's parameters from its evidence: steps up the marginal likelihood, warm from the model before.

A person's score for a parameter is the mean of the complete data's score over the particles (Fisher's identity), a
failed round's dials counted only as far as the number was alive; the information is the sum of the people's squared
scores (Berndt, Hall, Hall and Hausman 1974). Numbers alive or dead are counted by a forward-backward pass.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from followups.contact_model.evidence import SLOT_COUNT, Evidence
from followups.contact_model.parameters import Parameters
from followups.contact_model.scoring import LEVEL, PATTERN, SLOTS_OF_SEGMENT, Scores, scores_of

STEPS = 3
PRIOR_PEOPLE = 400.0
"""How many people's worth the first beliefs about dead numbers count."""
PRIOR_STATED = 20.0
FIRST = Parameters()
DOUBT_SPREAD = 0.3
"""How far the spreads may be, on the log scale, from what is believed before the first dial."""
LONGEST_STEP = 0.25

Numbers = NDArray[np.float64]


def fit(evidence: Evidence, start: Parameters | None = None, *, steps: int = STEPS) -> Parameters:
    """Parameters for this evidence, `steps` improvements from `start`; few people change little."""
    parameters = start or FIRST
    for _step in range(steps):
        parameters = _improved(parameters, evidence, scores_of(parameters, evidence))
    return parameters


def _improved(now: Parameters, evidence: Evidence, scores: Scores) -> Parameters:
    learned = _numbers(_levels(now, evidence, scores), evidence, scores)
    return replace(
        learned,
        spread_person=_spread_after(now.spread_person, FIRST.spread_person, scores, LEVEL),
        spread_pattern=_spread_after(now.spread_pattern, FIRST.spread_pattern, scores, PATTERN),
        stated_right=(scores.right + FIRST.stated_right * PRIOR_STATED) / (scores.stated + PRIOR_STATED),
    )


def _levels(now: Parameters, evidence: Evidence, scores: Scores) -> Parameters:
    """Each segment's slots shrunk to the common slots, those to one level; the spreads by what is left of them."""
    shared = now.level + np.array(now.by_slot)
    own = np.array([now.of_segment(name) for name in evidence.segments])
    trust = 1 / now.spread_segment**2
    doubts = np.empty_like(own)
    for segment in range(len(own)):
        precision = scores.information[segment][SLOTS_OF_SEGMENT, SLOTS_OF_SEGMENT] + trust * np.eye(
            SLOT_COUNT
        )
        score = scores.score[segment][SLOTS_OF_SEGMENT] - trust * own[segment]
        left = np.linalg.inv(precision)
        own[segment] += np.clip(left @ score, -2 * LONGEST_STEP, 2 * LONGEST_STEP)
        doubts[segment] = left.diagonal()
    whole = shared + own
    level, by_slot, left_slot = _common(whole, doubts + now.spread_segment**2, now)
    own = whole - level - by_slot
    return replace(
        now,
        level=level,
        by_slot=_plain(by_slot),
        by_segment=dict(now.by_segment) | _by_name(evidence, own),
        doubts=dict(now.doubts) | _by_name(evidence, np.sqrt(doubts)),
        spread_slot=_within(np.sqrt((by_slot**2 + left_slot).mean()), 0.04, 1.0),
        spread_segment=_within(np.sqrt((own**2 + doubts).mean()), 0.07, 1.0),
    )


def _common(whole: Numbers, variance: Numbers, now: Parameters) -> tuple[float, Numbers, Numbers]:
    """The level of all, and what each slot adds to it everywhere: means weighted by how well each is known."""
    weight = 1 / variance
    level = float((whole * weight).sum() / weight.sum())
    precision = weight.sum(axis=0) + 1 / now.spread_slot**2
    by_slot = ((whole - level) * weight).sum(axis=0) / precision
    return level, by_slot, 1 / precision


def _spread_after(spread: float, first: float, scores: Scores, which: int) -> float:
    """One step on the log scale, towards the data and away from nothing but the first belief."""
    score = scores.score[:, which].sum() - np.log(spread / first) / DOUBT_SPREAD**2
    information = scores.information[:, which, which].sum() + 1 / DOUBT_SPREAD**2
    step = np.clip(score / information, -LONGEST_STEP, LONGEST_STEP)
    return _within(spread * np.exp(step), 0.05, 3.0)


def _numbers(now: Parameters, evidence: Evidence, scores: Scores) -> Parameters:
    """Shares of numbers dead, dying and found, with the first beliefs counted as some people more."""
    (gone, found), (died, lives) = scores.went
    lost = FIRST.dies * (1 - FIRST.revives)
    share_lost = (died + lost * PRIOR_PEOPLE) / (died + lives + PRIOR_PEOPLE)
    revives = (found + FIRST.revives * PRIOR_PEOPLE / 5) / (gone + found + PRIOR_PEOPLE / 5)
    dead = (scores.dead + FIRST.dead * PRIOR_PEOPLE) / (evidence.people + PRIOR_PEOPLE)
    revives = _within(revives, 0.03, 0.9)
    return replace(
        now,
        dead=_within(dead, 0.005, 0.6),
        revives=revives,
        dies=_within(share_lost / (1 - revives), 0.002, 0.6),
    )


def _within(value: float, least: float, most: float) -> float:
    return float(np.clip(value, least, most))


def _by_name(evidence: Evidence, rows: Numbers) -> dict[str, tuple[float, ...]]:
    return {name: _plain(row) for name, row in zip(evidence.segments, rows, strict=True)}


def _plain(values: Numbers) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
