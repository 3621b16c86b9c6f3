"""Outlooks: how likely each person answers in each slot, and how likely their number is alive."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from followups.contact_model.beliefs import forward, in_groups
from followups.contact_model.choosing import least_shares
from followups.contact_model.evidence import NOT_STATED, SLOT_COUNT, Evidence, Floats
from followups.contact_model.parameters import Parameters
from followups.contact_model.particles import Table


@dataclass(frozen=True, slots=True)
class Outlooks:
    """Of n people: P(contact | slot, number alive) (n, 8) and how far off each may be, a standard deviation (n, 8);
    P(number alive) (n,); and what a dial has to promise, as a share of what the last dial in turn brings (n,)."""

    chances: Floats
    doubts: Floats
    alive: Floats
    least: Floats


def outlook_of(parameters: Parameters, evidence: Evidence) -> Outlooks:
    """What the evidence says of everybody at this point of the last round."""
    chances = np.empty((evidence.people, SLOT_COUNT), np.float32)
    doubts = np.empty_like(chances)
    alive = np.empty(evidence.people, np.float32)
    for ready, segment, _stated, places in in_groups(parameters, evidence):
        [now] = deque(forward(parameters, ready, evidence.of(places), aged=True), maxlen=1)
        alive[places] = now.of_living()
        mean, own = expected(ready, now.alive)
        shared = parameters.doubt_of_segment(evidence.segments[segment])
        # By the slope of the logistic curve: how far a chance is off where the segment's level is.
        chances[places], doubts[places] = mean, own + mean * (1 - mean) * shared
    return Outlooks(chances, doubts, alive, least_shares(evidence.stated != NOT_STATED, evidence.moved[-1]))


def expected(ready: Table, alive: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the chances in each slot (n, 8), over whom the person could be."""
    chance, living = np.exp(ready.answers), alive.sum(axis=1, keepdims=True)
    mean = alive @ chance / living
    return mean, np.sqrt(np.maximum(alive @ chance**2 / living - mean**2, 0))
