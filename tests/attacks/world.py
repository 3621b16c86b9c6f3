"""Three places that must not see each other, with one of each thing an address can name in every one of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from secrets import randbelow
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator

from accounts import shifts, staff_secrets
from accounts.models import BreakGlass, StaffCountry, Team, User, Weekday
from accounts.permissions import Role
from consent import wordings
from consent.purposes import Purpose
from followups import calendar_keeping, holding
from followups.calendar_keeping import Days
from followups.models import CalendarEntry
from followups.models.restraints import HoldKind
from followups.ticking.tick import tick
from orientation import partners
from orientation.models import FocalPoint, OrientationRequest, Partner
from tests.factories import approve_wordings, make_respondent, make_study, make_team, make_user
from tests.followups.making import ENROLLED, MORNING, OPENS, claim, dial, make_ready, owed_to
from tests.orientation import making as orientation_making
from tracker.keeping import SafeContact
from tracker.models import Respondent, Study

PLACES = {"own": "TN", "team": "TN", "country": "LY"}
"""Whose things they are: the reader's own team's, another team's of the same country, one's in another country."""

NUMBERS = {"own": "+447700900301", "team": "+447700900302", "country": "+447700900303"}
PHRASES = {name: f"the {name} kettle sings" for name in PLACES}
COVERS = {name: f"about the {name} bicycle" for name in PLACES}
ASK_FORS = {name: f"Zephyrine{name.title()}" for name in PLACES}
SEEDS = {name: f"JBSWY3DPEHPK3PX{letter}" for name, letter in zip(PLACES, "PQR", strict=True)}
NOTES = {name: f"Please ask for the {name} baker." for name in PLACES}


@dataclass
class Place:
    """One team with its study, its staff, one person who is being called, and their request to a partner."""

    name: str
    team: Team
    coordinator: User
    enumerator: User
    focal_point: User
    study: Study
    person: Respondent
    partner: Partner
    ids: dict[str, UUID | int] = field(default_factory=dict)

    @property
    def marks(self) -> tuple[str, ...]:
        """Words that only this place's own people should read."""
        return (self.team.title, self.study.title, self.study.code, self.person.spoken_code)

    @property
    def sealed(self) -> tuple[str, ...]:
        """What no page ever shows outside a reveal."""
        number = NUMBERS[self.name]
        words = (PHRASES[self.name], COVERS[self.name], ASK_FORS[self.name], NOTES[self.name])
        return (number, number.lstrip("+"), number[3:], *words)


def build() -> dict[str, Place]:
    """All three places, at nine o'clock of a Thursday, each person in a live claim with one dial made."""
    approve_wordings(("en",), tuple(Purpose), ENROLLED - timedelta(days=1))
    places = {name: _place(name, country) for name, country in PLACES.items()}
    tick(OPENS)
    for place in places.values():
        _calling(place)
    return places


def limited(user: User, *countries: str) -> User:
    """The same person, limited to these countries."""
    StaffCountry.objects.bulk_create(StaffCountry(user=user, country=code) for code in countries)
    return User.objects.get(pk=user.pk)


def _place(name: str, country: str) -> Place:
    team = make_team(f"MARK-{name.upper()}", country=country, now=ENROLLED)
    coordinator = make_user(Role.COORDINATOR, team=team, username=f"mark-coordinator-{name}", now=ENROLLED)
    enumerator = make_user(team=team, username=f"mark-enumerator-{name}", now=ENROLLED)
    study = make_study(f"MARK-S-{name.upper()}", team=team, by=coordinator, now=ENROLLED)
    person = make_respondent(
        study=study, team=team, by=enumerator, now=ENROLLED, numbers=(NUMBERS[name],), country=country,
        ask_for=ASK_FORS[name], safe=SafeContact(safe_phrase=PHRASES[name], cover_words=COVERS[name]),
        granted=tuple(Purpose), zone="Africa/Tunis",
    )  # fmt: skip
    owner = orientation_making.partner(f"MARK-P-{name.upper()}", by=coordinator)
    focal_point = make_user(Role.FOCAL_POINT, username=f"mark-focal-{name}", now=ENROLLED)
    assigned = partners.assign(partner=owner, user=focal_point, by=coordinator, now=ENROLLED)
    place = Place(name, team, coordinator, enumerator, focal_point, study, person, owner)
    place.ids = {
        "team": team.pk, "study": study.pk, "respondent": person.pk, "person": enumerator.pk, "partner": owner.pk,
        "focal_point": assigned.pk if assigned else FocalPoint.objects.get(partner=owner).pk,
        "point": person.contact_points.get().pk,
    }  # fmt: skip
    return place


def _calling(place: Place) -> None:
    person, by = place.person, place.coordinator
    factor = _seed_of(place)
    lent = BreakGlass.objects.create(
        asked_by=by, team=place.team, reason="A colleague is away.", minutes=30, asked_at=MORNING
    )
    make_ready(person, MORNING)
    claimed = claim(place.enumerator, MORNING)
    ordered = dial(claimed, MORNING)
    service = orientation_making.service(place.partner, by=by)
    asked = _request(place, service)
    # Over by now, or nobody could be called.
    day_after = ENROLLED + timedelta(days=1)
    hold = holding.place(
        respondent=person, kind=HoldKind.PAUSE, until=day_after, review_at=None, by=by, now=ENROLLED
    )
    shift = shifts.add_shift(
        person=place.enumerator, weekday=Weekday.MONDAY, starts=time(9), ends=time(12), by=by, now=MORNING
    )
    draft = wordings.draft(
        purpose=Purpose.RECONTACT,
        language="fr",
        text="Voulez-vous que nous vous appelions encore ?",
        by=by,
        now=MORNING,
    )
    place.ids |= {
        "follow_up": owed_to(person).pk, "claim": claimed.pk, "attempt": ordered.dial.attempt_id, "service": service.pk,
        "request": asked.pk, "hold": hold.pk, "shift": shift.pk, "wording": draft.pk, "factor": factor.pk,
        "break_glass": lent.pk, "calendar_entry": _holiday(place).pk,
    }  # fmt: skip


def _holiday(place: Place) -> CalendarEntry:
    day = Days(f"the {place.name} feast", date(2027, 1, len(place.name)), date(2027, 1, 8))
    return calendar_keeping.add_holiday(
        country=place.team.country, days=day, by=place.coordinator, now=MORNING
    )


def _seed_of(place: Place) -> Authenticator:
    """An app for codes, its seed sealed as the page that sets one up does."""
    staff_secrets.make_key(place.enumerator)
    seed = staff_secrets.sealed_text(SEEDS[place.name], of=place.enumerator.pk)
    return Authenticator.objects.create(user=place.enumerator, type="totp", data={"secret": seed})


def _request(place: Place, service: object) -> OrientationRequest:
    return orientation_making.contact_request(
        place.person, service, by=place.enumerator, now=MORNING, note=NOTES[place.name]
    )


NUMBERED = {"factor"}
"""Kinds whose ids are whole numbers, as other people's packages count."""


def nobody(kind: str = "") -> UUID | int:
    """An id of nothing."""
    return randbelow(10**9) + 10**9 if kind in NUMBERED else uuid4()


__all__ = ["MORNING", "Place", "build", "limited", "nobody"]
