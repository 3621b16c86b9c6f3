"""Sets the synthetic study up as people would on the screens: staff, study, plan, wordings, partners."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from accounts import shifts, staffing, teams
from accounts.models import Team, User, Weekday
from accounts.permissions import Role
from casework.receipts import Grade
from config.demo import content, words
from config.demo.content import PartnerSketch, ServiceSketch, StaffSketch
from config.demo.diary import Diary
from config.demo.sketches import Sketch, person_behind
from consent import wordings
from followups import plans
from kernel.languages import LANGUAGES
from orientation import partners
from orientation.models import Partner, Service
from tracker import studies
from tracker.models import Respondent, Study

NINE, EVENING = time(8), time(20)


@dataclass
class World:
    """What has been made so far, by the names of the sketches."""

    began: datetime
    staff: dict[str, User] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    services: list[Service] = field(default_factory=list)
    people: list[tuple[Sketch, Respondent]] = field(default_factory=list)
    study: Study | None = None
    diary: Diary = field(default_factory=Diary)
    erasures_asked: list[tuple[datetime, Respondent, Grade]] = field(default_factory=list)
    came_in_lists: dict[UUID, int] = field(default_factory=dict)

    @property
    def enumerators(self) -> list[User]:
        return [one for one in self.staff.values() if one.role == Role.ENUMERATOR]

    def behind(self, respondent_id: UUID) -> int | None:
        """Which simulated person a respondent is; None for one of a visitor's, and of a list of another process."""
        return self.came_in_lists.get(respondent_id, person_behind(respondent_id))

    def active(self) -> list[Respondent]:
        """Those still in touch, in the order in which they joined."""
        ids = [respondent.pk for _sketch, respondent in self.people]
        active = Respondent.objects.active().in_bulk(ids)
        return [active[pk] for pk in ids if pk in active]


def set_up(now: datetime, began: datetime, respondents: int) -> World:
    """Everything a study of that size needs before the first person joins, as of the day on which it began."""
    world = World(began)
    _make_staff(world, began, content.STAFF + (content.MORE_STAFF if respondents >= content.MANY else ()))
    _make_study(world, began)
    _write_words(world, began)
    _find_partners(world, now)
    return world


def _make_staff(world: World, at: datetime, staff: Sequence[StaffSketch]) -> None:
    first = staffing.make_administrator(
        username=content.FIRST_ADMINISTRATOR,
        display_name="Administrator",
        password=content.PASSWORD,
        is_another=False,
        now=at,
    ).person
    world.staff[first.username] = first
    for team in content.TEAMS:
        details = teams.TeamDetails(team.code, team.title, team.country)
        world.teams[team.code] = teams.create_team(details=details, by=first, now=at)
    for sketch in staff:
        world.staff[sketch.username] = _employ(sketch, world, first, at)


def _employ(sketch: StaffSketch, world: World, by: User, at: datetime) -> User:
    details = staffing.PersonDetails(
        display_name=sketch.shown_as,
        role=sketch.role,
        teams=frozenset(world.teams[code].pk for code in sketch.teams),
        languages=frozenset(sketch.languages),
        gender=sketch.gender,
        time_zone=sketch.zone,
    )
    person = staffing.create_person(
        username=sketch.username, details=details, by=by, now=at, password=content.PASSWORD
    ).person
    if sketch.role == Role.ENUMERATOR:
        for weekday in Weekday:
            shifts.add_shift(person=person, weekday=weekday, starts=NINE, ends=EVENING, by=by, now=at)
    return person


def _make_study(world: World, at: datetime) -> None:
    coordinator = world.staff["coordinator"]
    details = studies.StudyDetails(
        code=content.STUDY_CODE,
        title=content.STUDY_TITLE,
        teams=frozenset(team.pk for team in world.teams.values()),
        survey_link=content.SURVEY_LINK,
        script=content.SCRIPT,
    )
    world.study = studies.create_study(details=details, by=coordinator, now=at)
    plans.make_plan(study=world.study, by=coordinator, now=at)


def _write_words(world: World, at: datetime) -> None:
    """Drafted by one coordinator and approved by another; the drafts in `WAITING` still wait for a second person."""
    spoken = {code for one in content.STAFF for code in one.languages}
    author, second = world.staff["second"], world.staff["coordinator"]
    for language in sorted(spoken & LANGUAGES.keys()):
        for purpose, text in words.texts(language).items():
            draft = wordings.draft(purpose=purpose, language=language, text=text, by=author, now=at)
            wordings.approve(wording=draft, by=second, now=at)
    for purpose, language, text in words.WAITING:
        wordings.draft(purpose=purpose, language=language, text=text, by=author, now=at)


def _find_partners(world: World, now: datetime) -> None:
    by, began = world.staff["coordinator"], world.began
    for sketch in content.PARTNERS:
        partner = partners.save(partner=_partner(sketch, now), by=by, now=began)
        for username in sketch.focal_points:
            partners.assign(partner=partner, user=world.staff[username], by=by, now=began)
        world.services += [_offer(one, partner, by, began, now) for one in sketch.services]


def _partner(sketch: PartnerSketch, now: datetime) -> Partner:
    return Partner(
        code=sketch.code,
        title=sketch.title,
        not_in_migration_control=True,
        agreement_review_on=(now + timedelta(days=120)).date(),
        agreement_expires_on=(now + timedelta(days=300)).date(),
        complaint_route="Tell any enumerator, or write to the box at the door",
    )


def _offer(sketch: ServiceSketch, partner: Partner, by: User, began: datetime, now: datetime) -> Service:
    service = Service(
        partner=partner,
        title=sketch.title,
        need=sketch.need,
        country=sketch.country,
        area=sketch.area,
        languages=list(sketch.languages),
        hours=sketch.hours,
        serves_all_statuses=True,
        public_contact=sketch.contact,
        is_hotline=sketch.is_hotline,
    )
    service = partners.save_service(service=service, by=by, now=began)
    if sketch.verified_days_ago is not None:
        verified_at = now - timedelta(days=sketch.verified_days_ago)
        service = partners.verify(service=service, by=by, now=verified_at)
    return service
