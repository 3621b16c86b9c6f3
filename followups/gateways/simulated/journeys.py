"""How an invented person's journey goes: one stage after the other, from place to place along a route.

Lengths of stay and shares are made up ([design]) so that a panel meets every stage of method 7; nothing is estimated.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random

from followups.gateways.simulated.chances import chance, pick
from tracker.stages import Stage

BEGAN = datetime(2023, 1, 1, tzinfo=UTC)
"""Long before any panel: by the time somebody is enrolled their journey has been under way for years."""
ENDS = datetime(2036, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A country on a route and the clock people live by there."""

    country: str
    zone: str


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of a journey, [since, until)."""

    since: datetime
    until: datetime
    stage: Stage
    place: Place


ITINERARIES: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        "central_mediterranean",
        (
            Place("NE", "Africa/Niamey"), Place("LY", "Africa/Tripoli"), Place("TN", "Africa/Tunis"),
            Place("IT", "Europe/Rome"),
        ),
    ),
    (
        "western_mediterranean",
        (Place("NE", "Africa/Niamey"), Place("MA", "Africa/Casablanca"), Place("ES", "Europe/Madrid")),
    ),
    (
        "eastern_mediterranean",
        (Place("EG", "Africa/Cairo"), Place("TR", "Europe/Istanbul"), Place("GR", "Europe/Athens")),
    ),
    (
        "south_east_asia",
        (Place("BD", "Asia/Dhaka"), Place("TH", "Asia/Bangkok"), Place("MY", "Asia/Kuala_Lumpur")),
    ),
    (
        "americas",
        (Place("CO", "America/Bogota"), Place("PA", "America/Panama"), Place("MX", "America/Mexico_City")),
    ),
)  # fmt: skip

_STAY_DAYS = {
    Stage.ORIGIN: 70, Stage.IN_TRANSIT: 40, Stage.STRANDED: 55, Stage.CROSSING: 6, Stage.DETAINED: 25,
    Stage.ARRIVED: 130, Stage.SETTLED: 240, Stage.RETURNED: 110, Stage.ONWARD: 30,
}  # fmt: skip
_NEXT = {
    Stage.ORIGIN: {Stage.IN_TRANSIT: 1.0},
    Stage.IN_TRANSIT: {
        Stage.ARRIVED: 0.45, Stage.STRANDED: 0.30, Stage.CROSSING: 0.15, Stage.DETAINED: 0.05, Stage.RETURNED: 0.05,
    },
    Stage.STRANDED: {Stage.IN_TRANSIT: 0.65, Stage.ARRIVED: 0.20, Stage.RETURNED: 0.10, Stage.DETAINED: 0.05},
    Stage.CROSSING: {Stage.ARRIVED: 0.65, Stage.IN_TRANSIT: 0.20, Stage.DETAINED: 0.08, Stage.RETURNED: 0.07},
    Stage.DETAINED: {Stage.STRANDED: 0.40, Stage.IN_TRANSIT: 0.25, Stage.RETURNED: 0.35},
    Stage.ARRIVED: {Stage.SETTLED: 0.75, Stage.ONWARD: 0.25},
    Stage.SETTLED: {Stage.ONWARD: 0.60, Stage.RETURNED: 0.40},
    Stage.RETURNED: {Stage.ONWARD: 0.60, Stage.ORIGIN: 0.40},
    Stage.ONWARD: {Stage.ARRIVED: 0.55, Stage.STRANDED: 0.30, Stage.CROSSING: 0.15},
}  # fmt: skip
_ON = frozenset({Stage.ARRIVED, Stage.ONWARD})
_HOME = frozenset({Stage.ORIGIN, Stage.RETURNED})


def route_of(person: int) -> tuple[str, tuple[Place, ...]]:
    """The route a person is on, by the code of `tracker.profile.Route`, and its places in order."""
    return ITINERARIES[person % len(ITINERARIES)]


@lru_cache(maxsize=4096)
def journey_of(person: int) -> tuple[Episode, ...]:
    """The whole journey of a person, without gaps from BEGAN to ENDS."""
    return tuple(_episodes(chance("journey", person), route_of(person)[1]))


def episode_at(person: int, at: datetime) -> Episode:
    """Where the person is at a moment; before BEGAN as then, after ENDS as at the end."""
    journey = journey_of(person)
    return next((one for one in journey if at < one.until), journey[-1])


def _episodes(random: Random, places: tuple[Place, ...]) -> Iterator[Episode]:
    at, stage, step = BEGAN, pick(random, dict.fromkeys(_STAY_DAYS, 1.0)), random.randrange(len(places))
    while at < ENDS:
        if stage in _HOME:
            step = 0
        until = at + timedelta(
            days=2 + random.expovariate(1 / _STAY_DAYS[stage]), minutes=random.randrange(1440)
        )
        yield Episode(at, until, stage, places[step])
        following = pick(random, _NEXT[stage])
        # People arrive somewhere further on than they were; the road itself goes on from place to place.
        moves_on = following in _ON or (following is Stage.IN_TRANSIT and random.random() < 0.5)
        step = min(step + 1, len(places) - 1) if moves_on else step
        at, stage = until, following
