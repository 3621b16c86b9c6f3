"""What another number of attempts would change, in a synthetic panel like the one that was learned from."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp

from followups.contact_model.parameters import Parameters
from followups.simulation.comparing import means
from followups.simulation.running import PolicyName, run_named
from followups.simulation.world import MOST_SPREAD, WorldSpec

PEOPLE, WAVES, SEGMENTS, SEEDS = 400, 3, 4, 3


@dataclass(frozen=True, slots=True)
class Expected:
    """With so many attempts at most, of every hundred people in a round: how many are reached, how many of the fifth
    hardest to reach, and how many attempts that takes; with slots in rotation, and as they are chosen now."""

    attempts: int
    reached_in_rotation: float
    reached: float
    reached_of_hardest: float
    attempts_in_rotation: float
    attempts_made: float


def expect(parameters: Parameters, attempts: Iterable[int]) -> tuple[Expected, ...]:
    """The same people for each number of attempts; about half a second each."""
    return tuple(_expected(world_like(parameters, cap)) for cap in attempts)


def world_like(parameters: Parameters, cap: int) -> WorldSpec:
    """A world with the numbers of a model."""
    return WorldSpec(
        respondents=PEOPLE,
        segments=SEGMENTS,
        waves=WAVES,
        cap=cap,
        base=1 / (1 + exp(-parameters.level)),
        sd_person=min(parameters.spread_person, MOST_SPREAD),
        sd_slot=min(parameters.spread_slot, MOST_SPREAD),
        sd_segment_slot=min(parameters.spread_segment, MOST_SPREAD),
        sd_person_slot=min(parameters.spread_pattern, MOST_SPREAD),
        dead=parameters.dead,
        churn=parameters.dies,
        revive=parameters.revives,
    )


def _expected(spec: WorldSpec) -> Expected:
    in_rotation, learned = (
        means([run_named(spec, (name, seed)) for seed in range(SEEDS)])
        for name in (PolicyName.ROTATION, PolicyName.LEARNED)
    )
    return Expected(
        attempts=spec.cap,
        reached_in_rotation=100 * in_rotation["wave_contact_rate"],
        reached=100 * learned["wave_contact_rate"],
        reached_of_hardest=100 * learned["wave_contact_rate_lowest_fifth"],
        attempts_in_rotation=100 * in_rotation["dials_per_contact"] * in_rotation["wave_contact_rate"],
        attempts_made=100 * learned["dials_per_contact"] * learned["wave_contact_rate"],
    )
