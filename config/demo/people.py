"""Draws the invented respondents: who of the simulated people joins, and when."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from config.demo.due_now import due_now
from config.demo.sketches import Sketch, sketch_of
from followups.gateways.simulated.chances import chance
from followups.gateways.simulated.journeys import episode_at
from followups.gateways.simulated.numbers import PEOPLE
from tracker.models.contact_points import Whose
from tracker.stages import NEVER_CALLED, Stage

MOST_RESPONDENTS = 5000
STRIDE = 7919
"""A prime: steps of this length visit every simulated person before they meet one again."""
# Studies of this kind meet people on the road more often than those who have settled.
_IS_MET = dict.fromkeys(NEVER_CALLED, 0.0) | {Stage.SETTLED: 0.25, Stage.ARRIVED: 0.55, Stage.RETURNED: 0.5}


def draw(count: int, seed: int, now: datetime, began: datetime) -> list[Sketch]:
    """`count` people by order of enrolment since `began`; a fifth of them, twelve to sixty, can be called at `now`."""
    ready = min(max(count // 5, 12), 60, count)
    candidates = _candidates(seed)
    people = [due_now(n, seed, now, candidates) for n in range(ready)]
    people += [_anytime(n, seed, now, began, candidates) for n in range(count - ready)]
    return sorted(_with_shared_phones(people), key=lambda one: (one.enrolled_at, one.id))


def newcomer(n: int, seed: int, at: datetime) -> Sketch | None:
    """Somebody who joins at a moment while the demo runs; None where the n-th candidate cannot be met just then."""
    person = _candidate(seed, n)
    episode = episode_at(person, at)
    if episode.stage in NEVER_CALLED:
        return None
    return sketch_of(n, chance(seed, "newcomer", n), person, episode, at)


def _candidate(seed: int, n: int) -> int:
    return (seed * 31 + n) * STRIDE % PEOPLE


def _candidates(seed: int) -> Iterator[int]:
    return (_candidate(seed, n) for n in range(PEOPLE))


def _anytime(n: int, seed: int, now: datetime, began: datetime, candidates: Iterator[int]) -> Sketch:
    """Most join in the first two thirds of the study, wherever their journey has brought them."""
    random = chance(seed, "person", n)
    days = (now - began).days
    while True:
        enrolled_at = began + timedelta(hours=1 + 24 * days * min(random.betavariate(1, 1.6), 0.95))
        person = next(candidates)
        episode = episode_at(person, enrolled_at)
        if random.random() < _IS_MET.get(episode.stage, 1.0):
            return sketch_of(n, random, person, episode, enrolled_at)


def _with_shared_phones(people: list[Sketch]) -> list[Sketch]:
    """Every tenth person gives the number of the one before: a phone two people share."""
    shared = list(people)
    for n in range(10, len(shared), 10):
        shared[n - 1] = replace(shared[n - 1], whose=Whose.SHARED)
        shared[n] = replace(shared[n], whose=Whose.SHARED, numbers=shared[n - 1].numbers[:1])
    return shared
