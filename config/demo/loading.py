"""Loads the synthetic study: everything in one piece or nothing, as of the moment it is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction

from accounts.models import User
from audit.models import AuditEvent
from casework import enrolling
from casework.enrolling import Joining, NumberGiven
from config.demo import events, history, people
from config.demo.content import BEGAN
from config.demo.people import Sketch
from config.demo.setting_up import World, set_up
from followups.models import Attempt, FollowUp
from followups.models.follow_ups import State
from followups.ticking.tick import tick
from kernel.errors import Conflict
from tracker.models import Respondent
from tracker.registering import Profile

QUIET = timedelta(hours=14)
"""Nobody called in the hours before: so there is work now."""

Happening = Callable[[World, datetime], object]


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


def load(*, respondents: int, seed: int, now: datetime) -> Loaded:
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
        world = set_up(now)
        sketches = people.draw(respondents, seed, now)
        _live(world, seed, now, [*_joinings(sketches), *events.agenda(now)])
        events.begin_the_day(world, seed, now)
        tick(now)
    return count(now)


def count(now: datetime) -> Loaded:
    """What is in the database."""
    return Loaded(
        staff=User.objects.count(),
        respondents=Respondent.objects.count(),
        attempts=Attempt.objects.count(),
        interviews=FollowUp.objects.filter(state=State.DONE).count(),
        owed=history.owed(),
        ready=history.ready(now),
        events=AuditEvent.objects.count(),
    )


def _joinings(sketches: list[Sketch]) -> Iterator[tuple[datetime, Happening]]:
    for sketch in sketches:
        yield sketch.enrolled_at, _enrolment_of(sketch)


def _enrolment_of(sketch: Sketch) -> Happening:
    return lambda world, at: enrol(world, sketch, at)


def _live(world: World, seed: int, now: datetime, happenings: list[tuple[datetime, Happening]]) -> None:
    """Fieldwork goes on between what happens, in the order of time; so the trail is in the order of time too."""
    ordered = sorted(happenings, key=lambda one: one[0])
    began, ends = now - BEGAN, now - QUIET
    moments = [began, *(at for at, _happening in ordered), ends]
    for (since, until), happening in zip(
        pairwise(moments), [*(one for _at, one in ordered), None], strict=True
    ):
        history.live_through(world, seed, since, min(until, ends))
        if happening is not None:
            happening(world, until)


def enrol(world: World, sketch: Sketch, at: datetime) -> None:
    """Enrol one invented person, by somebody of the team who speaks their language."""
    assert world.study is not None  # noqa: S101  # nosec B101
    team = world.teams[sketch.place.team]
    speakers = [
        one for one in world.enumerators if team.pk in one.team_ids and sketch.language in one.language_codes
    ]
    by = speakers[sketch.id.int % len(speakers)]
    form = Joining(
        study=world.study,
        team=team,
        language=sketch.language,
        stage=sketch.stage,
        answers=sketch.answers,
        country=sketch.place.country,
        zone=sketch.place.zone,
        numbers=tuple(NumberGiven(raw, whose=sketch.whose, safe=sketch.safe) for raw in sketch.numbers),
        profile=Profile(
            sketch.age_band, sketch.sex, sketch.place.group, sketch.place.route, sketch.place.country
        ),
        caller_gender=sketch.caller_gender,
        ask_for=sketch.ask_for,
        id=sketch.id,
    )
    enrolled = enrolling.enrol(form=form, by=by, now=at)
    world.people.append((sketch, enrolled.respondent))
