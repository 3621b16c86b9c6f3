"""Weighing, for each person, whom they could be and whether their number is alive, round by round."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from followups.contact_model.evidence import Evidence, Floats, Ints
from followups.contact_model.parameters import Parameters
from followups.contact_model.particles import Table, draws, table

AT_ONCE = 1024
"""People weighed at once: with as many particles as there are, three megabytes an array."""
NARROWEST, WIDEST = 0.02, 1.0
BARELY = np.float32(1e-30)


@dataclass(frozen=True, slots=True)
class Joint:
    """Of n people: the chance that they are each particle with a number alive, and with a dead one (n, k). The two
    sum to one for each person."""

    alive: Floats
    dead: Floats

    def of_living(self) -> Floats:
        """The chance that their number is alive (n,)."""
        return self.alive.sum(axis=1)  # type: ignore[no-any-return]


def in_groups(parameters: Parameters, evidence: Evidence) -> Iterator[tuple[Table, int, int, Ints]]:
    """People of one segment and stated slot together: their table, segment, stated slot and places."""
    kinds = evidence.segment * 16 + evidence.stated + 1
    order = np.argsort(kinds, kind="stable")
    edges = np.flatnonzero(np.diff(kinds[order])) + 1
    for places in np.split(order, edges):
        if len(places):
            segment, stated = int(evidence.segment[places[0]]), int(evidence.stated[places[0]])
            ready = table(parameters, evidence.segments[segment], stated)
            for start in range(0, len(places), AT_ONCE):
                yield ready, segment, stated, places[start : start + AT_ONCE]


def forward(
    parameters: Parameters, ready: Table, evidence: Evidence, *, aged: bool = False
) -> Iterator[Joint]:
    """What is believed after each round of people of one group, in the order of the rounds; `aged`: old rounds weigh
    less. Only for outlooks: weighed counts would make people look more alike than they are, and a fit believe it."""
    now = _at_first(parameters, ready, evidence)
    for number in range(evidence.rounds):
        now = _enter(parameters, evidence, number, now)
        now = scaled(
            now.alive * likelihood(ready, evidence, number, aged=aged),
            now.dead * ~evidence.reached[number][:, None],
        )
        yield now


def likelihood(ready: Table, evidence: Evidence, number: int, *, aged: bool = False) -> Floats:
    """How likely a round's dials were on a number alive, up to a factor for each person (n, k)."""
    logs = evidence.contacts[number] @ ready.answers.T + evidence.failures[number] @ ready.silence.T
    if aged:
        logs *= evidence.weight[number][:, None]
    return np.exp(logs)  # type: ignore[no-any-return]


def carried(parameters: Parameters) -> NDArray[np.float32]:
    """From [dead, alive] to [dead, alive] between two rounds: who dies may be found again before the next."""
    lost = parameters.dies * (1 - parameters.revives)
    found = parameters.revives
    return np.array([[1 - found, found], [lost, 1 - lost]], np.float32)


def _at_first(parameters: Parameters, ready: Table, evidence: Evidence) -> Joint:
    weights = np.exp(ready.statement)
    weights = np.repeat((weights / weights.sum())[None], evidence.people, axis=0)
    return Joint(weights * np.float32(1 - parameters.dead), weights * np.float32(parameters.dead))


def scaled(alive: Floats, dead: Floats) -> Joint:
    """As chances that sum to one. Only particles that do not matter underflow: a dead number's likelihood is one."""
    whole = (alive.sum(axis=1) + dead.sum(axis=1) + BARELY)[:, None]
    return Joint(alive / whole, dead / whole)


def _enter(parameters: Parameters, evidence: Evidence, number: int, now: Joint) -> Joint:
    """From one round to the next: numbers die and are found or are new, and who moved has a new pattern."""
    between = number > evidence.first
    if between.any():
        (gone, found), (lost, lives) = carried(parameters)
        between = between[:, None]
        alive = np.where(between, now.alive * lives + now.dead * found, now.alive)
        now = Joint(alive, np.where(between, now.alive * lost + now.dead * gone, now.dead))
    renewed = evidence.renewed[number][:, None]
    if renewed.any():
        whole = now.alive + now.dead
        alive = np.where(renewed, whole * np.float32(1 - parameters.dead), now.alive)
        now = Joint(alive, np.where(renewed, whole * np.float32(parameters.dead), now.dead))
    moved = np.flatnonzero(evidence.moved[number])
    if len(moved):
        now = Joint(now.alive.copy(), now.dead.copy())
        weights, living = _of_the_moved(now.alive[moved] + now.dead[moved]), now.of_living()[moved][:, None]
        now.alive[moved], now.dead[moved] = weights * living, weights * (1 - living)
    return now


def _of_the_moved(weights: Floats) -> Floats:
    """What is still known of somebody whose life changed: their level, as a normal; nothing of their pattern."""
    level = draws()[:, 0]
    mean = weights @ level
    spread = np.clip(weights @ level**2 - mean**2, NARROWEST, WIDEST)
    logs = -0.5 * (level - mean[:, None]) ** 2 / spread[:, None] + 0.5 * level**2
    plain = np.exp(logs - logs.max(axis=1, keepdims=True))
    return plain / plain.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]
