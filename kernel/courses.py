"""The course of a clock that may run faster than the wall's: real moments in, shown moments out, never back."""

import json
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self

LEFT_ALONE = timedelta(seconds=15)
"""Whoever drives a clock renews its course each second or two; a busy machine may take longer."""


@dataclass(frozen=True, slots=True)
class Leg:
    """From the real moment `since` on, a clock that showed `shown` then goes `speed` times as fast as the wall's."""

    since: datetime
    shown: datetime
    speed: float

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.shown.tzinfo is None:
            raise ValueError("a leg's moments are aware")
        if not 1 <= self.speed < math.inf:
            raise ValueError("a clock goes at the wall's speed at least")

    def at(self, wall: datetime) -> datetime:
        """What the clock shows at a real moment after `since`; before it, as if it had always gone like the wall's."""
        past = wall - self.since
        return self.shown + (past * self.speed if past > timedelta(0) else past)


@dataclass(frozen=True, slots=True)
class Course:
    """Legs in the order of time, each beginning where the one before it arrives; without any, the wall's clock."""

    legs: tuple[Leg, ...] = ()

    def __post_init__(self) -> None:
        if any(after.since < before.since for before, after in pairwise(self.legs)):
            raise ValueError("legs follow each other in time")

    def at(self, wall: datetime) -> datetime:
        """What the clock shows at this real moment."""
        leg = self._leg(wall)
        return leg.at(wall) if leg else wall

    def speed_at(self, wall: datetime) -> float:
        """How many times as fast as the wall's it goes at this real moment."""
        leg = self._leg(wall)
        return leg.speed if leg and wall >= leg.since else 1

    def onward(self, *, since: datetime, speed: float, lasting: timedelta) -> Self:
        """The same until `since`, then at `speed` for a while, then at the wall's speed from wherever it is.

        The fast leg ends by itself, so that a clock whose keeper was killed does not run away.
        """
        until = since + lasting
        fast = Leg(since, self.at(since), speed)
        before = self._leg(since)
        return type(self)((*([before] if before else []), fast, Leg(until, fast.at(until), 1)))

    def is_driven_at(self, wall: datetime) -> bool:
        """Whether somebody keeps renewing it: a course that is left alone came to its last leg a while ago."""
        return bool(self.legs) and wall - self.legs[-1].since < LEFT_ALONE

    def _leg(self, wall: datetime) -> Leg | None:
        """The last leg that has begun, else the first."""
        begun = [leg for leg in self.legs if leg.since <= wall]
        return begun[-1] if begun else next(iter(self.legs), None)


def written(course: Course) -> str:
    """The course as it is kept in a file."""
    legs = [
        {"since": leg.since.isoformat(), "shown": leg.shown.isoformat(), "speed": leg.speed}
        for leg in course.legs
    ]
    return json.dumps({"legs": legs}) + "\n"


def read(text: str) -> Course:
    """The course that `written` wrote. Raises ValueError for anything else."""
    try:
        return Course(tuple(_leg(one) for one in json.loads(text)["legs"]))
    except (KeyError, TypeError, OverflowError) as broken:
        raise ValueError("this is no course of a clock") from broken


def _leg(one: dict[str, object]) -> Leg:
    since, shown, speed = one["since"], one["shown"], one["speed"]
    if not isinstance(speed, int | float):
        raise TypeError(speed)
    return Leg(datetime.fromisoformat(str(since)), datetime.fromisoformat(str(shown)), speed)
