"""On which clocks a person may be, from what they said, their country, and where their numbers come from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from kernel.countries import country, country_of_zone, zones_of
from kernel.zones import local, zone
from tracker.stages import ELSEWHERE, ON_THE_MOVE, Stage

EITHER_SIDE = timedelta(hours=2)
"""How far the clock of somebody who moved on may differ from their last one. Over land and sea two hours is further
than most get in an interval of two weeks (decision 16)."""
FURTHEST_WEST, FURTHEST_EAST = -12, 14


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where somebody is, as far as it is known: `country` and `zone` as they stated them, each may be ""."""

    country: str = ""
    zone: str = ""
    number_zones: tuple[str, ...] = ()

    def checked(self) -> "Whereabouts":
        """The same with the country in capitals; raises `unknown_country` or `unknown_zone`."""
        if self.zone:
            zone(self.zone)
        return Whereabouts(country(self.country) if self.country else "", self.zone, self.number_zones)


@dataclass(frozen=True, slots=True)
class Move:
    """One move as it was told: by the person, or, where `is_reported`, by somebody else."""

    stage: Stage
    where: Whereabouts
    at: datetime
    is_reported: bool = False


Clocks = tuple[tuple[str, ...], str]
"""The zones a call must be decent in, the likeliest first, and how sure they are (`ZoneSource`)."""


def clocks(where: Whereabouts) -> Clocks:
    """The zones a call must be decent in, and how sure they are: `stated`, `country` or `number`.

    A stated zone comes first, then the country they are in, and their numbers last: a foreign SIM says nothing of
    where somebody is. Empty when nothing is known; then nobody can tell the hour, and nobody calls.
    """
    if where.zone:
        return (where.zone,), "stated"
    if where.country and (zones := zones_of(where.country)):
        return zones, "country"
    return tuple(sorted(set(where.number_zones))), "number"


def clocks_after(move: Move, *, stage: Stage, known: Clocks) -> Clocks:
    """The clocks after a move of somebody who was at `stage` and on the `known` ones.

    What they say themselves is sure. What somebody else says does not take the old clocks away (`reported`). A move
    on without a word of where to leaves the old clocks, and those two hours either side (`moved`).
    """
    zones, source = clocks(move.where)
    if not zones:
        return _widened(known, move.at) if _leads_elsewhere(move.stage, stage) else known
    if not move.is_reported or set(known[0]) <= set(zones):
        return zones, source
    return (*zones, *(old for old in known[0] if old not in zones)), "reported"


@lru_cache(maxsize=4096)
def possible_countries(stated: str, zones: tuple[str, ...]) -> tuple[str, ...]:
    """The countries in which somebody may be: the one they stated, and those of clocks that are not its own."""
    inside = zones_of(stated) if stated else ()
    others = {country_of_zone(name) for name in zones if name not in inside}
    return tuple(sorted({stated, *others} - {""}))


def _leads_elsewhere(now: Stage, before: Stage) -> bool:
    return now in ON_THE_MOVE or (now in ELSEWHERE and now != before)


def _widened(known: Clocks, at: datetime) -> Clocks:
    """The known zones and a clock on either side of them; once is enough, until something is said again."""
    zones, source = known
    if not zones or source == "moved":
        return known
    offsets = [local(at, name).utcoffset() or timedelta(0) for name in zones]
    edges = (_clock_of(min(offsets) - EITHER_SIDE, up=False), _clock_of(max(offsets) + EITHER_SIDE, up=True))
    return (*zones, *edges), "moved"


def _clock_of(offset: timedelta, *, up: bool) -> str:
    """The zone of a whole hour at or beyond this offset. In these names the sign is the other way round: UTC+3 is
    Etc/GMT-3."""
    hours, rest = divmod(offset, timedelta(hours=1))
    hours = min(max(hours + (1 if up and rest else 0), FURTHEST_WEST), FURTHEST_EAST)
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"
