"""Draws the invented respondents: who of the simulated people joins, when, and what they say at enrolment."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from accounts.models import Gender
from config.demo.content import PANELS, STAFF, Panel
from consent.folding import Decision
from consent.purposes import Purpose
from followups.gateways.simulated.chances import chance
from followups.gateways.simulated.habits import habits_of
from followups.gateways.simulated.journeys import ITINERARIES, Episode, Place, episode_at, route_of
from followups.gateways.simulated.lines import lines_at
from followups.gateways.simulated.numbers import PEOPLE, number_of
from followups.scheduling.rules import DEFAULT_RULES
from followups.scheduling.safe_times import ClockHours
from followups.scheduling.slots import SLOTS, slot_of
from kernel import zones
from tracker.keeping import SafeContact
from tracker.models.contact_points import Whose
from tracker.profile import AgeBand, Route, Sex
from tracker.stages import NEVER_CALLED, Stage

YES, NO = Decision.GRANTED, Decision.REFUSED
CALLING_HOURS = ClockHours(time(8), time(20))
MOST_RESPONDENTS = 5000
CALLED_TODAY = timedelta(minutes=75)
TURN = 20
"""After so many people everything that was meant to occur somewhere has occurred."""
STRIDE = 7919
"""A prime: steps of this length visit every simulated person before they meet one again."""
INVENTED = 0xDE40 << 32
"""The mark in an id that tells the demo's respondents from those a visitor enrols."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """One invented person about to be enrolled at `enrolled_at`. No name, and numbers kept for fiction."""

    id: UUID
    person: int
    panel: Panel
    route: Route
    place: Place
    language: str
    stage: Stage
    enrolled_at: datetime
    numbers: tuple[str, ...]
    whose: Whose
    safe: SafeContact
    answers: dict[Purpose, Decision]
    age_band: AgeBand
    sex: Sex
    caller_gender: Gender
    ask_for: str


def person_behind(respondent_id: UUID) -> int | None:
    """Which simulated person a respondent is; None for one whom a visitor enrolled."""
    node = respondent_id.int & 0xFFFF_FFFF_FFFF
    return (node & 0xFFFF_FFFF) // len(SLOTS) if node >> 32 == INVENTED >> 32 else None


def draw(count: int, seed: int, now: datetime, began: datetime) -> list[Sketch]:
    """`count` people by order of enrolment since `began`; a fifth of them, twelve to sixty, can be called at `now`."""
    ready = min(max(count // 5, 12), 60, count)
    candidates = _candidates(seed)
    people = [_due_now(n, seed, now, candidates) for n in range(ready)]
    people += [_anytime(n, seed, now, began, candidates) for n in range(count - ready)]
    return sorted(_with_shared_phones(people), key=lambda one: (one.enrolled_at, one.id))


def newcomer(n: int, seed: int, at: datetime) -> Sketch | None:
    """Somebody who joins at a moment while the demo runs; None where the n-th candidate cannot be met just then."""
    person = (seed * 31 + n) * STRIDE % PEOPLE
    episode = episode_at(person, at)
    if episode.stage in NEVER_CALLED:
        return None
    return _sketch(n, chance(seed, "newcomer", n), person, episode, at)


def _candidates(seed: int) -> Iterator[int]:
    return iter([(seed * 31 + n) * STRIDE % PEOPLE for n in range(PEOPLE)])


def _anytime(n: int, seed: int, now: datetime, began: datetime, candidates: Iterator[int]) -> Sketch:
    """Most join in the first two thirds of the study, wherever their journey has brought them."""
    random = chance(seed, "person", n)
    days = (now - began).days
    while True:
        enrolled_at = began + timedelta(hours=1 + 24 * days * min(random.betavariate(1, 1.6), 0.95))
        person = next(candidates)
        episode = episode_at(person, enrolled_at)
        if random.random() < _IS_MET.get(episode.stage, 1.0):
            return _sketch(n, random, person, episode, enrolled_at)


def _due_now(n: int, seed: int, now: datetime, candidates: Iterator[int]) -> Sketch:
    """Somebody whose window opened this morning on their clock, and whose first slot is the present one.

    The first few are for the calls of earlier today.
    """
    random = chance(seed, "due", n)
    earlier = now - CALLED_TODAY
    at = earlier if n < 4 and _is_anyone_awake(earlier, now) else now
    while True:
        person = next(candidates)
        found = _window_opens_today(person, now) if _is_awake(person, at, now) else None
        if found is None or not _spoken_by_the_demo(person):
            continue
        sketch = _sketch(n, random, person, *found)
        spoken = _spoken_by_the_demo(person)
        return replace(
            sketch,
            id=_id(random, person, _slot(at, sketch.place)),
            language=spoken[n % len(spoken)],
            safe=replace(
                sketch.safe,
                safe_days=tuple(range(7)),
                safe_from=None,
                safe_until=None,
                unsafe_from=None,
                unsafe_until=None,
            ),
            answers=dict.fromkeys(_asked(), YES),
            age_band=AgeBand.FROM_25,
            caller_gender=Gender.NOT_SAID,
        )


def _window_opens_today(person: int, now: datetime) -> tuple[Episode, datetime] | None:
    """The stage and day of an enrolment after which the first window opens today; None where no stage fits."""
    for stage, rule in DEFAULT_RULES.items():
        if stage in NEVER_CALLED or stage is Stage.UNKNOWN:
            continue
        days = rule.interval(1) - rule.early_days
        zone = episode_at(person, now - timedelta(days=days)).place.zone
        enrolled_on = zones.local(now, zone).date() - timedelta(days=days)
        enrolled_at = zones.at_local(enrolled_on, time(11), zone)
        episode = episode_at(person, enrolled_at)
        if episode.stage is stage and episode.place.zone == zone:
            return episode, enrolled_at
    return None


def _is_anyone_awake(since: datetime, until: datetime) -> bool:
    places = {place for _route, places in ITINERARIES for place in places}
    return any(_is_decent(place.zone, since, until) for place in places)


def _is_awake(person: int, since: datetime, until: datetime) -> bool:
    """Whether where they are people may be called in all of this time."""
    return _is_decent(episode_at(person, until).place.zone, since, until)


def _is_decent(zone: str, since: datetime, until: datetime) -> bool:
    starts, ends = zones.local(since, zone).time(), zones.local(until, zone).time()
    return time(8, 30) <= starts <= ends < time(19)


def _sketch(n: int, random: Random, person: int, episode: Episode, enrolled_at: datetime) -> Sketch:
    route = Route(route_of(person)[0])
    panel = PANELS[route]
    return Sketch(
        id=_id(random, person, random.randrange(len(SLOTS))),
        person=person,
        panel=panel,
        route=route,
        place=episode.place,
        language=random.choice(panel.languages),
        stage=episode.stage,
        enrolled_at=enrolled_at,
        numbers=tuple(number_of(person, line) for line in lines_at(person, enrolled_at)),
        whose=Whose.SHARED if habits_of(person).is_shared else Whose.OWN,
        safe=_safe(n),
        answers=_answers(n),
        age_band=AgeBand.UNDER_18 if n % TURN == 17 else random.choice(_ADULT),
        sex=random.choice((Sex.WOMAN, Sex.MAN, Sex.NOT_SAID)),
        caller_gender=Gender.WOMAN if n % 7 == 2 else Gender.NOT_SAID,
        ask_for=random.choice(_ASK_FOR),
    )


# Studies of this kind meet people on the road more often than those who have settled.
_IS_MET = dict.fromkeys(NEVER_CALLED, 0.0) | {Stage.SETTLED: 0.25, Stage.ARRIVED: 0.55, Stage.RETURNED: 0.5}
_ADULT = (AgeBand.FROM_18, AgeBand.FROM_25, AgeBand.FROM_35, AgeBand.FROM_50, AgeBand.NOT_SAID)
_ASK_FOR = ("Baker", "Blue", "Cousin", "Teacher", "Neighbour", "Tailor")


def _safe(n: int) -> SafeContact:
    """Some leave everything open; others have hours, days, a phrase, words for whoever answers."""
    kinds = (
        SafeContact(),
        SafeContact(safe_from=time(15), safe_until=time(18), safe_days=(0, 1, 2, 3, 5, 6)),
        SafeContact(safe_phrase="Is the bread ready?", cover_words="I am calling about the sewing course."),
        SafeContact(unsafe_from=time(12), unsafe_until=time(14), may_call_back_if_cut=True),
        SafeContact(
            cover_words="I must have dialled a wrong number, sorry.", safe_phrase="How is the garden?"
        ),
    )
    return kinds[n % len(kinds)]


def _asked() -> tuple[Purpose, ...]:
    return (Purpose.INTERVIEW, Purpose.KEEP_NUMBER, Purpose.RECONTACT, Purpose.SHARE_PSEUDONYMOUS)


def _answers(n: int) -> dict[Purpose, Decision]:
    """Most say yes to all; one in twenty gives the baseline interview only."""
    answers = dict.fromkeys(_asked(), YES)
    if n % TURN == 11:
        answers |= {Purpose.KEEP_NUMBER: NO, Purpose.RECONTACT: NO}
    return answers


def _with_shared_phones(people: list[Sketch]) -> list[Sketch]:
    """Every tenth person gives the number of the one before: a phone two people share."""
    shared = list(people)
    for n in range(10, len(shared), 10):
        shared[n - 1] = replace(shared[n - 1], whose=Whose.SHARED)
        shared[n] = replace(shared[n], whose=Whose.SHARED, numbers=shared[n - 1].numbers[:1])
    return shared


def _spoken_by_the_demo(person: int) -> tuple[str, ...]:
    """The languages of their route that the demo's own enumerator speaks."""
    spoken = next(one.languages for one in STAFF if one.username == "enumerator")
    return tuple(code for code in PANELS[Route(route_of(person)[0])].languages if code in spoken)


def _slot(at: datetime, place: Place) -> int:
    slot = slot_of(zones.local(at, place.zone), CALLING_HOURS, frozenset({5, 6}))
    return SLOTS.index(slot) if slot else 0


def _id(random: Random, person: int, slot: int) -> UUID:
    """An id that bears the person, and their own place on the circle of slots."""
    drawn = UUID(int=random.getrandbits(128), version=4).int
    return UUID(int=(drawn >> 48 << 48) + INVENTED + person * len(SLOTS) + slot)
