"""Scores: which way, and how surely, the evidence would move each parameter."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from followups.contact_model.beliefs import BARELY, Joint, carried, forward, in_groups, likelihood, scaled
from followups.contact_model.evidence import NOT_STATED, SLOT_COUNT, Evidence, Flags, Floats, Ints
from followups.contact_model.parameters import Parameters
from followups.contact_model.particles import Table, draws

SLOTS_OF_SEGMENT = slice(0, SLOT_COUNT)
LEVEL, PATTERN = SLOT_COUNT, SLOT_COUNT + 1
SCORED = SLOT_COUNT + 2
"""Of each segment: the level of its eight slots, and the logs of the spreads of levels and of patterns."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """Sums over everybody: by segment, scores (g, 10) and their squares (g, 10, 10); of stated times, how many are
    thought right of how many; of numbers, how many began dead, and went from [dead, alive] to [dead, alive]."""

    score: Numbers
    information: Numbers
    right: float
    stated: float
    dead: float
    went: Numbers


def scores_of(now: Parameters, evidence: Evidence) -> Scores:
    """One pass over everybody."""
    segments = len(evidence.segments)
    score, information = np.zeros((segments, SCORED)), np.zeros((segments, SCORED, SCORED))
    right = stated = dead = 0.0
    went = np.zeros((2, 2))
    for ready, segment, said, places in in_groups(now, evidence):
        some = evidence.of(places)
        after = list(forward(now, ready, some))
        of_each, some_dead, some_went = _backward(now, ready, some, after)
        score[segment] += of_each.sum(axis=0)
        information[segment] += of_each.T @ of_each
        dead, went = dead + some_dead, went + some_went
        if said != NOT_STATED:
            share = now.stated_right * ready.is_best / np.exp(ready.statement)
            right += float(((after[-1].alive + after[-1].dead) @ share).sum())
            stated += some.people
    return Scores(score, information, right, stated, dead, went)


def _backward(
    now: Parameters, ready: Table, evidence: Evidence, after: list[Joint]
) -> tuple[Numbers, float, Numbers]:
    """From the last round to the first: each person's scores (n, 10), how many began dead, and who went where."""
    columns = _columns(ready)
    scores, went = np.zeros((evidence.people, SCORED)), np.zeros((2, 2))
    # How likely the rounds after this one are, for each particle with its number alive and dead.
    ahead = Joint(np.ones((1, 1), np.float32), np.ones((1, 1), np.float32))
    here = _since_the_move(evidence)
    smoothed = after[-1]
    for number in range(evidence.rounds - 1, -1, -1):
        smoothed = scaled(after[number].alive * ahead.alive, after[number].dead * ahead.dead)
        scores += _scores(smoothed.alive, columns, evidence, number) * here[number][:, None]
        if number:
            entering = _entering(ready, evidence, number, ahead)
            went += _went(now, evidence, number, after[number - 1], entering)
            ahead = _one_back(now, evidence, number, entering)
    scores[:, LEVEL] *= now.spread_person
    scores[:, PATTERN] *= now.spread_pattern
    return scores, float(smoothed.dead.sum()), went


def _entering(ready: Table, evidence: Evidence, number: int, ahead: Joint) -> Joint:
    """How likely this round and those after it are, for whoever enters it with a number alive and dead."""
    alive = likelihood(ready, evidence, number) * ahead.alive
    return Joint(alive, np.where(evidence.reached[number][:, None], np.float32(0), ahead.dead))


def _one_back(now: Parameters, evidence: Evidence, number: int, entering: Joint) -> Joint:
    """The same message as of the round before; for who moved or began in between, nothing goes back."""
    (gone, found), (lost, lives) = carried(now)
    alive, dead = entering.alive, entering.dead
    stays = ((number > evidence.first) & ~evidence.moved[number])[:, None]
    back = Joint(alive * lives + dead * lost, alive * found + dead * gone)
    # Scaled, so that long histories do not fade away.
    most = np.maximum(back.alive.max(axis=1), back.dead.max(axis=1))[:, None] + BARELY
    return Joint(np.where(stays, back.alive / most, 1), np.where(stays, back.dead / most, 1))


def _went(now: Parameters, evidence: Evidence, number: int, earlier: Joint, entering: Joint) -> Numbers:
    """How many numbers went where between two rounds."""
    (gone, found), (lost, lives) = carried(now)
    alive, dead = entering.alive, entering.dead
    ways = np.stack(
        [
            (earlier.dead * dead).sum(axis=1) * gone,
            (earlier.dead * alive).sum(axis=1) * found,
            (earlier.alive * dead).sum(axis=1) * lost,
            (earlier.alive * alive).sum(axis=1) * lives,
        ]
    )
    shares = ways / (ways.sum(axis=0) + BARELY)
    counted = shares[:, (number > evidence.first) & ~evidence.renewed[number]].sum(axis=1)
    return counted.reshape(2, 2).astype(np.float64)  # type: ignore[no-any-return]


def _columns(ready: Table) -> Floats:
    """What is averaged over the particles for the scores: chances, levels, patterns, and their products (k, 33)."""
    chance, drawn = np.exp(ready.answers), draws()
    level, pattern = drawn[:, :1], drawn[:, 1:]
    return np.hstack([chance, level, chance * level, pattern, chance * pattern])


def _scores(weights: Floats, columns: Floats, evidence: Evidence, number: int) -> Numbers:
    """Answers less those expected in one round: plainly by slot, and along each particle's level and pattern."""
    contacts, dials = evidence.contacts[number], evidence.contacts[number] + evidence.failures[number]
    means = weights @ columns
    chance, level, chance_level, pattern, chance_pattern = np.split(means, [8, 9, 17, 25], axis=1)
    by_slot = contacts * weights.sum(axis=1, keepdims=True) - dials * chance
    along_level = (contacts * level - dials * chance_level).sum(axis=1, keepdims=True)
    along_pattern = (contacts * pattern - dials * chance_pattern).sum(axis=1, keepdims=True)
    return np.hstack([by_slot, along_level, along_pattern]).astype(np.float64)


def _since_the_move(evidence: Evidence) -> Flags:
    """The rounds (r, n) whose pattern is the one people have now."""
    moves_later: Ints = np.cumsum(evidence.moved[::-1], axis=0)[::-1] - evidence.moved
    return moves_later == 0  # type: ignore[no-any-return]
