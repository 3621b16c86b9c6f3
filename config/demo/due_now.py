"""Who can be called at the very hour at which the demo begins."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID

from accounts.models import Gender
from config.demo.content import PANELS, STAFF
from config.demo.sketches import ASKED, YES, Sketch, id_of, sketch_of
from followups.gateways.simulated.chances import chance
from followups.gateways.simulated.journeys import ITINERARIES, Episode, Place, episode_at, route_of
from followups.scheduling.rules import DEFAULT_RULES
from followups.scheduling.safe_times import ClockHours
from followups.scheduling.slots import SLOTS, slot_of
from kernel import zones
from tracker.profile import AgeBand, Route
from tracker.stages import NEVER_CALLED, Stage

CALLING_HOURS = ClockHours(time(8), time(20))
FIRST_CALLS = 4
CALLED_TODAY = timedelta(minutes=75)
"""How long ago the first calls of today began."""


def due_now(n: int, seed: int, now: datetime, candidates: Iterator[int]) -> Sketch:
    """Somebody whose window opened this morning on their clock, and whose first slot is the present one.

    The first few are for the calls of earlier today.
    """
    random = chance(seed, "due", n)
    earlier = now - CALLED_TODAY
    at = earlier if n < FIRST_CALLS and _is_anyone_awake(earlier, now) else now
    while True:
        person = next(candidates)
        met = _window_opens_today(person, now) if _is_awake(person, at, now) else None
        spoken = _spoken_by_the_demo(person)
        if met and spoken:
            sketch = sketch_of(n, random, person, *met)
            own_id = id_of(random, person, _slot(at, sketch.place))
            return _open_to_a_call(sketch, own_id, spoken[n % len(spoken)])


def _open_to_a_call(sketch: Sketch, own_id: UUID, language: str) -> Sketch:
    """The same person with nothing in the way of a call: of age, agreed to all, safe at any hour."""
    safe = replace(
        sketch.safe,
        safe_days=tuple(range(7)),
        safe_from=None,
        safe_until=None,
        unsafe_from=None,
        unsafe_until=None,
    )
    return replace(
        sketch,
        id=own_id,
        language=language,
        safe=safe,
        answers=dict.fromkeys(ASKED, YES),
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


def _spoken_by_the_demo(person: int) -> tuple[str, ...]:
    """The languages of their route that the demo's own enumerator speaks."""
    spoken = next(one.languages for one in STAFF if one.username == "enumerator")
    return tuple(code for code in PANELS[Route(route_of(person)[0])].languages if code in spoken)


def _slot(at: datetime, place: Place) -> int:
    slot = slot_of(zones.local(at, place.zone), CALLING_HOURS, frozenset({5, 6}))
    return SLOTS.index(slot) if slot else 0
