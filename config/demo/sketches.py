"""One invented person about to join: who of the simulated people they are, and what they say at enrolment."""

from dataclasses import dataclass
from datetime import datetime, time
from random import Random
from uuid import UUID

from accounts.models import Gender
from config.demo.content import PANELS, Panel
from consent.folding import Decision
from consent.purposes import Purpose
from followups.gateways.simulated.habits import habits_of
from followups.gateways.simulated.journeys import Episode, Place, route_of
from followups.gateways.simulated.lines import lines_at
from followups.gateways.simulated.numbers import number_of
from followups.scheduling.slots import SLOTS
from tracker.keeping import SafeContact
from tracker.models.contact_points import Whose
from tracker.profile import AgeBand, Route, Sex
from tracker.stages import Stage

YES, NO = Decision.GRANTED, Decision.REFUSED
ASKED = (Purpose.INTERVIEW, Purpose.KEEP_NUMBER, Purpose.RECONTACT, Purpose.SHARE_PSEUDONYMOUS)
TURN = 20
"""After so many people everything that was meant to occur somewhere has occurred."""
INVENTED = 0xDE40 << 32
"""The mark in an id that tells the demo's respondents from those a visitor enrols."""
_ADULT = (AgeBand.FROM_18, AgeBand.FROM_25, AgeBand.FROM_35, AgeBand.FROM_50, AgeBand.NOT_SAID)
_ASK_FOR = ("Baker", "Blue", "Cousin", "Teacher", "Neighbour", "Tailor")


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


def sketch_of(n: int, random: Random, person: int, episode: Episode, enrolled_at: datetime) -> Sketch:
    """The n-th to be drawn: this person, as they are met in this episode of their journey."""
    route = Route(route_of(person)[0])
    panel = PANELS[route]
    return Sketch(
        id=id_of(random, person, random.randrange(len(SLOTS))),
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


def _answers(n: int) -> dict[Purpose, Decision]:
    """Most say yes to all; one in twenty gives the baseline interview only."""
    answers = dict.fromkeys(ASKED, YES)
    if n % TURN == 11:
        answers |= {Purpose.KEEP_NUMBER: NO, Purpose.RECONTACT: NO}
    return answers


def id_of(random: Random, person: int, slot: int) -> UUID:
    """An id that bears the person, and their own place on the circle of slots."""
    drawn = UUID(int=random.getrandbits(128), version=4).int
    return UUID(int=(drawn >> 48 << 48) + INVENTED + person * len(SLOTS) + slot)
