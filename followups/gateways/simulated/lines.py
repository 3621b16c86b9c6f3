"""The SIM cards of an invented person: which number works when, and what dialling one that is gone gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from followups.gateways.simulated.chances import chance, pick
from followups.gateways.simulated.journeys import BEGAN, ENDS, journey_of
from followups.gateways.simulated.numbers import LINES_EACH
from tracker.stages import Stage

# Share of numbers lost in a month, method 1.2: settled 1 %, arrived 3 %, stranded 5 %, in transit 10 to 15 %.
_LOST_A_MONTH = {
    Stage.ORIGIN: 0.03, Stage.IN_TRANSIT: 0.12, Stage.STRANDED: 0.05, Stage.CROSSING: 0.30, Stage.DETAINED: 0.25,
    Stage.ARRIVED: 0.03, Stage.SETTLED: 0.01, Stage.RETURNED: 0.05, Stage.ONWARD: 0.12,
}  # fmt: skip
_MONTH = timedelta(days=30)
_ONCE_GONE = {
    "switched_off": 0.40, "not_working": 0.20, "disconnected": 0.22, "wrong_number": 0.13, "number_changed": 0.05,
}  # fmt: skip
_TWO_PHONES = 1 / 3


@dataclass(frozen=True, slots=True)
class Card:
    """One SIM card in use in [since, until), and what callers of its number get afterwards."""

    line: int
    since: datetime
    until: datetime
    once_gone: str


@lru_cache(maxsize=4096)
def cards_of(person: int) -> tuple[Card, ...]:
    """The cards a person goes through, one after the other."""
    return tuple(_cards(person))


def has_two_phones(person: int) -> bool:
    """Whether the card before the present one still works: the second phone, in a bag."""
    return chance("phones", person).random() < _TWO_PHONES


def card_at(person: int, at: datetime) -> Card:
    """The card in use at a moment."""
    return cards_of(person)[_place(person, at)]


def lines_at(person: int, at: datetime) -> tuple[int, ...]:
    """The lines that work at a moment, the main one first."""
    cards, place = cards_of(person), _place(person, at)
    main = cards[place].line
    second = cards[place - 1].line if place and has_two_phones(person) else main
    return (main,) if second == main else (main, second)


def once_gone(person: int, line: int, at: datetime) -> str:
    """What dialling a line that no longer works gives, as the code of a disposition."""
    last = [card for card in cards_of(person) if card.line == line and card.until <= at]
    return last[-1].once_gone if last else "not_working"


def _place(person: int, at: datetime) -> int:
    cards = cards_of(person)
    return next((n for n, card in enumerate(cards) if at < card.until), len(cards) - 1)


def _cards(person: int) -> Iterator[Card]:
    random = chance("cards", person)
    since, number = BEGAN, 0
    for episode in journey_of(person):
        stay = (episode.until - episode.since) / _MONTH
        if random.random() < 1 - (1 - _LOST_A_MONTH[episode.stage]) ** stay:
            lost_at = episode.since + (episode.until - episode.since) * random.random()
            yield Card(number % LINES_EACH, since, lost_at, pick(random, _ONCE_GONE))
            since, number = lost_at, number + 1
    yield Card(number % LINES_EACH, since, ENDS, "not_working")
