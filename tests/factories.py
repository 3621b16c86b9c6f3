"""A small real world for tests, made through the same use cases as on the screens."""

from datetime import UTC, datetime, timedelta
from itertools import count

from accounts import staffing, teams
from accounts.models import Gender, Team, User
from accounts.permissions import Role
from audit import trail
from audit.actions import Action
from casework.enrolling import enrol
from casework.joining import Joining, NumberGiven
from consent.folding import Decision
from consent.models import Mode, Wording
from consent.purposes import Purpose
from followups import plans
from tracker import studies
from tracker.keeping import SafeContact
from tracker.models import Respondent, Study
from tracker.models.contact_points import Whose
from tracker.registering import Profile
from tracker.stages import Stage

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
"""A Tuesday morning, in and out of every zone's winter alike."""

PASSWORD = "a long password for tests only"
YES, NO = Decision.GRANTED, Decision.REFUSED
ALL_ASKED = (Purpose.INTERVIEW, Purpose.KEEP_NUMBER, Purpose.RECONTACT)

_serial = count(1)
_numbers = count(1)


KEPT_FOR_DRAMA = (
    "+441632960", "+442079460", "+441134960", "+441144960", "+441154960", "+441164960", "+441174960",
    "+441184960", "+441214960", "+441314960", "+441414960", "+441514960", "+441614960",
)  # fmt: skip
"""Ranges of a thousand numbers each that Ofcom keeps free for radio and television.

The mobile range +44 7700 900 is left to the numbers that tests write out.
"""

SYNTHETIC_NUMBER = r"\+44\d{10}"
"""What any number of these tests looks like."""


def synthetic_number(serial: int | None = None) -> str:
    """A number that belongs to nobody, a new one each time."""
    n = next(_numbers) if serial is None else serial
    return f"{KEPT_FOR_DRAMA[n // 1000 % len(KEPT_FOR_DRAMA)]}{n % 1000:03d}"


def the_administrator(now: datetime = NOW) -> User:
    """The first administrator there is, else a new one."""
    return User.objects.filter(role=Role.ADMINISTRATOR).first() or make_administrator(now=now)


def make_administrator(username: str = "", now: datetime = NOW) -> User:
    name = username or f"admin{next(_serial)}"
    return staffing.make_administrator(
        username=name, display_name=name, password=PASSWORD, is_another=True, now=now
    ).person


def make_team(code: str = "", *, country: str = "TN", now: datetime = NOW) -> Team:
    code = code or f"T{next(_serial)}"
    details = teams.TeamDetails(code=code, title=f"Team {code}", country=country)
    return teams.create_team(details=details, by=the_administrator(now), now=now)


def make_user(
    role: Role = Role.ENUMERATOR,
    *,
    team: Team | None = None,
    username: str = "",
    languages: tuple[str, ...] = ("en",),
    gender: Gender = Gender.NOT_SAID,
    time_zone: str = "UTC",
    now: datetime = NOW,
) -> User:
    """A member of staff whose password is PASSWORD."""
    username = username or f"{role.value}{next(_serial)}"
    details = staffing.PersonDetails(
        display_name=username.title(),
        role=role,
        teams=frozenset({team.pk} if team else ()),
        languages=frozenset(languages),
        gender=gender,
        time_zone=time_zone,
    )
    by = the_administrator(now)
    made = staffing.create_person(username=username, details=details, by=by, now=now, password=PASSWORD)
    return User.objects.get(pk=made.person.pk)


def make_study(
    code: str = "",
    *,
    team: Team,
    by: User | None = None,
    now: datetime = NOW,
    plan: bool = True,
    **details: object,
) -> Study:
    """A rolling study of one team, with the method's default plan."""
    by = by or make_user(Role.COORDINATOR, team=team, now=now)
    code = code or f"S{next(_serial)}"
    wanted = studies.StudyDetails(code=code, title=f"Study {code}", teams=frozenset({team.pk}), **details)
    study = studies.create_study(details=wanted, by=by, now=now)
    if plan:
        plans.make_plan(study=study, by=by, now=now)
    return study


def approve_wordings(
    languages: tuple[str, ...] = ("en",),
    purposes: tuple[Purpose, ...] = tuple(Purpose),
    now: datetime = NOW - timedelta(days=30),
) -> None:
    """One approved wording of each purpose in each language that has none, by two people."""
    approved = set(Wording.objects.approved().values_list("purpose", "language"))
    missing = [
        (each, language) for each in purposes for language in languages if (each, language) not in approved
    ]
    if not missing:
        return
    author, second = make_user(Role.COORDINATOR, now=now), make_user(Role.DPO, now=now)
    # Hundreds of tests need them: written as the use cases would have left them, which a test compares.
    versions = Wording.objects.order_by("version").values_list("purpose", "language", "version")
    last = {(purpose, language): version for purpose, language, version in versions}
    rows = [
        Wording(
            purpose=purpose, language=language, version=last.get((purpose, language), 0) + 1,
            text=f"The exact words about {purpose.label} that are read out in {language}.",
            drafted_by=author, drafted_at=now, approved_by=second, approved_at=now,
        )
        for purpose, language in missing
    ]  # fmt: skip
    Wording.objects.bulk_create(rows)
    for row in rows:
        told = {"purpose": row.purpose.value, "language": row.language, "version": row.version}
        about = {"at": now, "object_type": "wording", "object_id": row.pk}
        trail.record(Action.WORDING_DRAFTED, by=author, detail=told, **about)
        trail.record(Action.WORDING_APPROVED, by=second, **about)


def make_joining(
    *,
    study: Study,
    team: Team,
    language: str = "en",
    stage: Stage = Stage.ARRIVED,
    country: str = "TN",
    zone: str = "",
    numbers: tuple[str, ...] | None = None,
    whose: Whose = Whose.OWN,
    safe: SafeContact = SafeContact(),  # noqa: B008  (frozen)
    granted: tuple[Purpose, ...] = ALL_ASKED,
    refused: tuple[Purpose, ...] = (),
    **rest: object,
) -> Joining:
    """What the enrolment form would hold; without `numbers`, one synthetic number."""
    given = (synthetic_number(),) if numbers is None else numbers
    answers = dict.fromkeys(granted, YES) | dict.fromkeys(refused, NO)
    rest = {"mode": Mode.IN_PERSON, "profile": Profile(), **rest}
    return Joining(
        study=study,
        team=team,
        language=language,
        stage=stage,
        answers=answers,
        country=country,
        zone=zone,
        numbers=tuple(NumberGiven(raw, whose=whose, safe=safe) for raw in given),
        **rest,
    )


def make_respondent(
    *, study: Study, team: Team, by: User | None = None, now: datetime = NOW, **said: object
) -> Respondent:
    """Somebody enrolled through the use case; `said` is what `make_joining` takes."""
    approve_wordings((said.get("language", "en"),))
    by = by or make_user(team=team, now=now)
    enrolled = enrol(form=make_joining(study=study, team=team, **said), by=by, now=now)
    return Respondent.objects.get(pk=enrolled.respondent.pk)
