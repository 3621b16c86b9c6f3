"""Loads the synthetic study: everything in one piece or nothing, as of the moment it is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Team, User
from audit.models import AuditEvent
from casework import enrolling
from casework.joining import Joining, NumberGiven
from config.demo import due_now, events, lists, people
from config.demo.content import DAYS, MANY
from config.demo.desks import LEFT_FOR_VISITORS
from config.demo.fieldwork import HOUR, Deed, Fieldwork
from config.demo.setting_up import World, set_up
from config.demo.sketches import Sketch
from followups.models import Attempt, FollowUp
from followups.models.follow_ups import State
from followups.ticking.tick import tick
from kernel.errors import Conflict
from tracker.models import Respondent, Study
from tracker.registering import Profile

QUIET = timedelta(hours=14)
"""Nobody called in the hours before: so there is work now."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of it, in counts."""

    staff: int
    respondents: int
    attempts: int
    interviews: int
    owed: int
    ready: int
    events: int


def load(*, respondents: int, seed: int, now: datetime, days: int = DAYS) -> Loaded:
    """The synthetic study with its history. Raises `not_empty` where anybody has an account already.

    One transaction of the main database around it all: interrupted, it leaves no person behind, only keys that open
    nothing and are swept.
    """
    if User.objects.exists():
        raise Conflict(
            "not_empty",
            "There are accounts in this database already, so the synthetic study was not loaded again.",
            kept="Everything that was recorded is kept.",
            next_step="To start over: make reset, then make demo.",
        )
    with transaction.atomic():
        world = live_through(respondents=respondents, seed=seed, began=now - timedelta(days=days), now=now)
        events.begin_the_day(world, now)
        tick(now)
    return count(now)


def live_through(*, respondents: int, seed: int, began: datetime, now: datetime) -> World:
    """A study from its first day up to this morning: nobody was called in the last hours, so there is work now."""
    world = set_up(now, began, respondents)
    # Where few people are due a tick an hour finds little to do.
    every = HOUR if respondents >= MANY else 3 * HOUR
    fieldwork = Fieldwork(world, world.enumerators, every=every)
    fieldwork.leave_since = now - LEFT_FOR_VISITORS
    fieldwork.begin(began + timedelta(hours=1))
    sketches = people.draw(respondents, seed, now, began)
    listed = [one for one in sketches if lists.is_on_the_list(world, one)]
    for sketch in sketches:
        if sketch not in listed:
            fieldwork.on(sketch.enrolled_at, _enrolment_of(world, sketch))
    if listed:
        fieldwork.on(began + lists.LAST_DAYS, lambda at: lists.bring_in(world, listed, at))
    for at, happening in events.agenda(now):
        fieldwork.on(at, _happening_in(world, happening))
    fieldwork.work(now - QUIET)
    fieldwork.is_calling = False
    fieldwork.work(now - due_now.CALLED_TODAY)
    return world


def count(now: datetime) -> Loaded:
    """What is in the database."""
    return Loaded(
        staff=User.objects.count(),
        respondents=Respondent.objects.count(),
        attempts=Attempt.objects.count(),
        interviews=FollowUp.objects.filter(state=State.DONE).count(),
        owed=FollowUp.objects.live().count(),
        ready=FollowUp.objects.ready_at(now).count(),
        events=AuditEvent.objects.count(),
    )


def _enrolment_of(world: World, sketch: Sketch) -> Deed:
    return lambda at: enrol(world, sketch, at)


def _happening_in(world: World, happening: Callable[[World, datetime], object]) -> Deed:
    def happen(at: datetime) -> None:
        happening(world, at)

    return happen


def enrol(world: World, sketch: Sketch, at: datetime) -> None:
    """Enrol one invented person, by somebody of the team who speaks their language."""
    assert world.study is not None  # noqa: S101  # nosec B101
    team = world.teams[sketch.panel.team]
    speakers = [
        one for one in world.enumerators if team.pk in one.team_ids and sketch.language in one.language_codes
    ]
    enrolled = enrolling.enrol(
        form=_form(world.study, team, sketch), by=speakers[sketch.person % len(speakers)], now=at
    )
    world.people.append((sketch, enrolled.respondent))
    _note(world, sketch, enrolled.respondent, at)


def _form(study: Study, team: Team, sketch: Sketch) -> Joining:
    return Joining(
        study=study,
        team=team,
        language=sketch.language,
        stage=sketch.stage,
        answers=sketch.answers,
        country=sketch.place.country,
        zone=sketch.place.zone,
        numbers=tuple(NumberGiven(raw, whose=sketch.whose, safe=sketch.safe) for raw in sketch.numbers),
        profile=Profile(sketch.age_band, sketch.sex, sketch.panel.group, sketch.route, sketch.place.country),
        caller_gender=sketch.caller_gender,
        ask_for=sketch.ask_for,
        id=sketch.id,
    )


def _note(world: World, sketch: Sketch, person: Respondent, at: datetime) -> None:
    world.diary.enrolled += 1
    world.diary.meets(person, [sketch.place.zone], at)
    points = list(person.contact_points.order_by("position"))
    world.diary.followed += bool(points)
    for point, number in zip(points, sketch.numbers, strict=False):
        world.diary.keeps_number(point, number, sketch.safe)
