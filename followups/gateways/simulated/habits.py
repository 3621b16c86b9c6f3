"""When an invented person picks up, who else might, and how they are to talk to."""

from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from math import exp, log
from zoneinfo import ZoneInfo

from followups.gateways.simulated.chances import chance

_BASE = log(0.45 / 0.55)  # in an ordinary slot a living number gets the person in 45 of 100 dials
_SD_PERSON, _SD_SLOT = 0.7, 0.7
_DAYPARTS = (time(11), time(14), time(17))
_REST_DAYS = (5, 6)
_LEAVES_A_MONTH = 0.008
_ASKS_A_MONTH = 0.03
_SHRUGS, _KNOWS = 0.25, 0.5


@dataclass(frozen=True, slots=True)
class Habits:
    """Probabilities of one person. `slots`: logits of picking up, four dayparts of work days, then of rest days."""

    slots: tuple[float, ...]
    is_shared: bool
    other_picks_up: float
    free_to_talk: float
    says_no: float
    calls_in: float


@lru_cache(maxsize=4096)
def habits_of(person: int) -> Habits:
    """The habits of a person, the same for as long as they live."""
    random = chance("habits", person)
    base = _BASE + random.gauss(0, _SD_PERSON)
    is_shared = random.random() < 1 / 8
    return Habits(
        slots=tuple(base + random.gauss(0, _SD_SLOT) for _slot in range(8)),
        is_shared=is_shared,
        other_picks_up=0.35 if is_shared else 0.04,
        free_to_talk=random.betavariate(12, 2.5),
        says_no=random.betavariate(1.2, 24),
        calls_in=random.choice((0.0, 0.3, 0.6)),
    )


def picks_up(person: int, at: datetime, zone: str) -> float:
    """The probability that the person picks up a phone of theirs that works, on their own clock."""
    there = at.astimezone(ZoneInfo(zone))
    slot = sum(there.time() >= ends for ends in _DAYPARTS) + 4 * (there.weekday() in _REST_DAYS)
    return 1 / (1 + exp(-habits_of(person).slots[slot]))


def names_as_best(person: int) -> int | None:
    """Which slot the person names when asked for the best time to call, counted as in `Habits`; None for who shrugs.

    People know themselves half: the others say what comes to mind.
    """
    random = chance("best", person)
    if random.random() < _SHRUGS:
        return None
    slots = habits_of(person).slots
    return slots.index(max(slots)) if random.random() < _KNOWS else random.randrange(len(slots))


def wants_no_more(person: int, at: datetime) -> bool:
    """Whether this is a month in which the person has had enough; whoever is not heard then goes on."""
    return chance("leaves", person, at.year, at.month).random() < _LEAVES_A_MONTH


def wants_help(person: int, at: datetime) -> bool:
    """Whether, in this month, there is something a partner could help with."""
    return chance("help", person, at.year, at.month).random() < _ASKS_A_MONTH
