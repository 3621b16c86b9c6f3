"""Draws the invented respondents: where each is, since when, how they may be reached; the same for the same seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import chain, islice
from random import Random
from uuid import UUID

from accounts.models import Gender
from config.demo.content import BEGAN, PLACES, STAFF, Place
from consent.folding import Decision
from consent.purposes import Purpose
from followups.scheduling.rules import DEFAULT_RULES
from followups.scheduling.safe_times import ClockHours
from followups.scheduling.slots import SLOTS, slot_of
from kernel import zones
from tracker.keeping import SafeContact
from tracker.models.contact_points import Whose
from tracker.profile import AgeBand, Sex
from tracker.stages import Stage

YES, NO = Decision.GRANTED, Decision.REFUSED
CALLING_HOURS = ClockHours(time(8), time(20))
MOST_RESPONDENTS = 2000
CALLED_TODAY = timedelta(minutes=75)
TURN = 20
"""After so many people everything that was meant to occur somewhere has occurred."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """One invented person about to be enrolled at `enrolled_at`. No name, and a number kept for fiction."""

    id: UUID
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


def numbers_for_fiction() -> Iterator[str]:
    """Numbers that regulators keep for fiction and give to nobody: British, American, then ten thousand French."""
    british = (f"+447700900{n:03d}" for n in range(1000))
    american = (f"+120255501{n:02d}" for n in range(100))
    french = (f"+3363998{n:04d}" for n in range(10_000))
    return chain(
        *zip(*(islice(kind, 100) for kind in (british, american, french)), strict=True), british, french
    )


def draw(count: int, seed: int, now: datetime) -> list[Sketch]:
    """`count` people by order of enrolment; a fifth of them, twelve at least, can be called at `now` or soon after."""
    numbers = numbers_for_fiction()
    ready = min(max(count // 5, 12), count)
    people = [_one(n, seed, now, numbers) for n in range(count - ready)]
    people += [_one_due_now(n, seed, now, numbers) for n in range(ready)]
    return sorted(_with_shared_phones(people), key=lambda one: (one.enrolled_at, one.id))


def chance(*parts: object) -> Random:
    """A repeatable source of chance that belongs to one thing, so that no order of work changes it."""
    return Random(":".join(map(str, parts)))  # noqa: S311  # nosec B311


def _one(n: int, seed: int, now: datetime, numbers: Iterator[str]) -> Sketch:
    random = chance(seed, "person", n)
    place = PLACES[n % len(PLACES)]
    days = random.randint(6, BEGAN.days - 2)
    return _sketch(
        n, random, place, random.choice(place.stages), now - timedelta(days=days, hours=1), numbers
    )


def _one_due_now(n: int, seed: int, now: datetime, numbers: Iterator[str]) -> Sketch:
    """Somebody whose window opened this morning on their clock, and whose first slot is the present one.

    The first few are for the calls of earlier today.
    """
    random = chance(seed, "due", n)
    at = now - CALLED_TODAY if n < 4 and _awake(now - CALLED_TODAY, now) else now
    places = _awake(at, now)
    place = places[n % len(places)]
    stage = random.choice(place.stages)
    rule = DEFAULT_RULES[stage]
    today = zones.local(now, place.zone).date()
    enrolled_on = today - timedelta(days=rule.interval(1) - rule.early_days)
    sketch = _sketch(n, random, place, stage, zones.at_local(enrolled_on, time(11), place.zone), numbers)
    spoken = _spoken_by_the_demo(place)
    return replace(
        sketch,
        id=_id_with_slot(random, at, place),
        language=spoken[n % len(spoken)],
        safe=replace(sketch.safe, safe_days=tuple(range(7)), safe_from=None, safe_until=None),
        answers=dict.fromkeys(_asked(), YES),
        age_band=AgeBand.FROM_25,
        caller_gender=Gender.NOT_SAID,
    )


def _awake(since: datetime, until: datetime) -> list[Place]:
    """Places where people may be called in all of this time."""
    return [
        place
        for place in PLACES
        if time(8, 30)
        <= zones.local(since, place.zone).time()
        <= zones.local(until, place.zone).time()
        < time(19)
    ]


def _sketch(
    n: int, random: Random, place: Place, stage: Stage, enrolled_at: datetime, numbers: Iterator[str]
) -> Sketch:
    return Sketch(
        id=UUID(int=random.getrandbits(128), version=4),
        place=place,
        language=random.choice(place.languages),
        stage=stage,
        enrolled_at=enrolled_at,
        numbers=tuple(islice(numbers, 2 if n % 3 == 0 else 1)),
        whose=Whose.SHARED if n % 9 == 4 else Whose.OWN,
        safe=_safe(n),
        answers=_answers(n),
        age_band=AgeBand.UNDER_18 if n % TURN == 17 else random.choice(_ADULT),
        sex=random.choice((Sex.WOMAN, Sex.MAN, Sex.NOT_SAID)),
        caller_gender=Gender.WOMAN if n % 7 == 2 else Gender.NOT_SAID,
        ask_for=random.choice(_ASK_FOR),
    )


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


def _asked() -> Sequence[Purpose]:
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


def _spoken_by_the_demo(place: Place) -> tuple[str, ...]:
    """The languages of a place that the demo's enumerator speaks; every place has one."""
    spoken = next(one.languages for one in STAFF if one.username == "enumerator")
    return tuple(code for code in place.languages if code in spoken)


def _id_with_slot(random: Random, now: datetime, place: Place) -> UUID:
    """An id whose own place on the circle of slots is the slot of this hour."""
    slot = slot_of(zones.local(now, place.zone), CALLING_HOURS, frozenset({5, 6}))
    drawn = UUID(int=random.getrandbits(128), version=4).int
    wanted = SLOTS.index(slot) if slot else 0
    return UUID(int=drawn - drawn % len(SLOTS) + wanted)
