"""Running a policy through a world, and comparing policies over seeds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from followups.contact_model.evidence import Flags, Ints
from followups.simulation.judging import Journal, violations
from followups.simulation.policies import (
    NO_DIAL,
    Known,
    Learned,
    MostRecent,
    Policy,
    RandomSlots,
    Rotation,
)
from followups.simulation.world import World, WorldSpec


class PolicyName(StrEnum):
    RANDOM = "random"
    ROTATION = "rotation"
    RECENT = "recent"
    LEARNED = "learned"
    LEARNED_WITHOUT_RANDOM = "learned_without_random"
    ORACLE = "oracle"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one policy in one seed; rates are shares of person-waves, or of first dials."""

    dials_per_contact: float
    wave_contact_rate: float
    first_dial_rate: float
    wave_contact_rate_lowest_fifth: float
    filter_violations: int


class Oracle:
    """Knows every chance, though not whether a number is dead."""

    def __init__(self, world: World) -> None:
        self._world = world

    def begin_wave(self, number: int, moved: Flags) -> None:
        pass

    def choose(self, people: Ints) -> Ints:
        return self._world.chances[people].argmax(axis=1)

    def hear(self, people: Ints, slots: Ints, answered: Flags) -> None:
        pass


def _known(world: World) -> Known:
    return Known(world.segment, world.spec.segments, world.stated, world.spec.cap)


MADE: Mapping[PolicyName, Callable[[World, int], Policy]] = {
    PolicyName.RANDOM: lambda world, seed: RandomSlots(_known(world), seed),
    PolicyName.ROTATION: lambda world, seed: Rotation(_known(world), seed),
    PolicyName.RECENT: lambda world, seed: MostRecent(_known(world), seed),
    PolicyName.LEARNED: lambda world, seed: Learned(_known(world), seed),
    PolicyName.LEARNED_WITHOUT_RANDOM: lambda world, seed: Learned(_known(world), seed, random_share=0.0),
    PolicyName.ORACLE: lambda world, seed: Oracle(world),
}


def run(spec: WorldSpec, seed: int, make: Callable[[World, int], Policy]) -> Result:
    """One policy through one seed of a world; the lots of the answers are the same for every policy."""
    world = World(spec, seed)
    policy, answers = make(world, seed), np.random.default_rng([seed, 4])
    journal = Journal(spec)
    for wave in range(spec.waves):
        moved = world.next_wave() if wave else np.zeros(spec.respondents, np.bool_)
        policy.begin_wave(wave, moved)
        _run_wave(world, policy, wave, answers, journal)
    return _result(world, journal)


def _run_wave(
    world: World, policy: Policy, wave: int, answers: np.random.Generator, journal: Journal
) -> None:
    waiting = np.arange(world.spec.respondents)
    for turn in range(world.spec.cap):
        # Drawn for everybody, so that who is still waiting changes nobody else's luck.
        lots = answers.random(world.spec.respondents)
        slots = policy.choose(waiting)
        waiting, slots = waiting[slots != NO_DIAL], slots[slots != NO_DIAL]
        if not len(waiting):
            continue
        answered = world.alive[waiting] & (lots[waiting] < world.chances[waiting, slots])
        policy.hear(waiting, slots, answered)
        journal.write(wave, turn, waiting, slots, answered)
        waiting = waiting[~answered]


def _result(world: World, journal: Journal) -> Result:
    dials = journal.dials()
    spec = world.spec
    reached = np.zeros((spec.waves, spec.respondents), np.bool_)
    reached[dials.wave[dials.answered], dials.person[dials.answered]] = True
    first = dials.turn == 0
    return Result(
        dials_per_contact=float(len(dials.person) / max(dials.answered.sum(), 1)),
        wave_contact_rate=float(reached.mean()),
        first_dial_rate=float(dials.answered[first].mean()) if first.any() else 0.0,
        wave_contact_rate_lowest_fifth=float(reached[:, world.lowest_fifth()].mean()),
        filter_violations=violations(spec, dials),
    )


def run_named(spec: WorldSpec, job: tuple[PolicyName, int]) -> Result:
    """One policy by its name, in one seed."""
    name, seed = job
    return run(spec, seed, MADE[name])
