"""Making pseudonyms: respondents with their codes and the first step of their journey."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Gender, Team, User
from kernel.errors import Conflict
from tracker import spoken_codes
from tracker.best_times import BestTime
from tracker.models import Respondent, Transition
from tracker.models.respondents import Status
from tracker.profile import AgeBand, NationalityGroup, Route, Sex
from tracker.stages import Stage
from tracker.whereabouts import Whereabouts, clocks
from vault.sealing import seal_many

BATCH = 500
TRIES = 5

Draw = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Profile:
    """The coarse facts a person stated about themselves; what they did not say is "not said"."""

    age_band: AgeBand = AgeBand.NOT_SAID
    sex: Sex = Sex.NOT_SAID
    nationality_group: NationalityGroup = NationalityGroup.NOT_SAID
    route: Route = Route.NOT_SAID
    baseline_country: str = ""
    best_time: BestTime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody about to be registered. `id` is drawn before any row is written, because their key comes first.

    `ask_for` is sealed, so it needs that key; without it, and without numbers, the vault is not touched.
    """

    team: Team
    language: str
    stage: Stage
    where: Whereabouts = Whereabouts()
    status: Status = Status.ACTIVE
    profile: Profile = Profile()
    caller_gender: Gender = Gender.NOT_SAID
    ask_for: str = ""
    usual_enumerator: User | None = None
    id: UUID = field(default_factory=uuid.uuid4)


def register(*, person: Person, by: User, now: datetime) -> Respondent:
    """One respondent; see `register_many`."""
    return register_many(people=[person], by=by, now=now)[0]


@transaction.atomic
def register_many(
    *, people: Sequence[Person], by: User, now: datetime, draw: Draw = spoken_codes.draw
) -> list[Respondent]:
    """Respondents in the order given, each with a code of their own and the first line of their journey.

    A step of enrolling and importing, which leave the event in the trail. Raises Shredded for somebody with a word to
    be asked for by and no key, Locked, and `no_free_code` after five clashes in a row.
    """
    rows = [_row(person, now) for person in people]
    words = [
        (row, "ask_for", person.ask_for) for row, person in zip(rows, people, strict=True) if person.ask_for
    ]
    if words:
        seal_many(words)
    _save_with_codes(rows, draw)
    Transition.objects.bulk_create([_first_step(row, by, now) for row in rows], batch_size=BATCH)
    return rows


def _row(person: Person, now: datetime) -> Respondent:
    zones, source = clocks(person.where)
    profile = person.profile
    return Respondent(
        id=person.id,
        team=person.team,
        status=person.status,
        status_at=now,
        language=person.language,
        caller_gender=person.caller_gender,
        country=person.where.country,
        zones=list(zones),
        zone_source=source,
        stage=person.stage.value,
        stage_since=now,
        age_band=profile.age_band,
        sex=profile.sex,
        nationality_group=profile.nationality_group,
        route=profile.route,
        baseline_country=profile.baseline_country,
        best_slot=profile.best_time or "",
        usual_enumerator=person.usual_enumerator,
        created_month=now.date().replace(day=1),
    )


def _save_with_codes(rows: list[Respondent], draw: Draw) -> None:
    for _attempt in range(TRIES):
        codes = _free_codes(len(rows), draw)
        for row, code in zip(rows, codes, strict=True):
            row.code = code
        try:
            with transaction.atomic():
                Respondent.objects.bulk_create(rows, batch_size=BATCH)
        except IntegrityError:
            # Somebody else drew one of these codes since we looked, unless the fault is another one.
            if not _taken(codes):
                raise
        else:
            return
    raise Conflict("no_free_code", _("No free code was found."), next_step=_("Try again in a moment."))


def _free_codes(count: int, draw: Draw) -> list[str]:
    """Codes that nobody has. With every code taken `draw` would go on for ever, so it is asked a bounded number of
    times; a clash that is left is found by the database."""
    free: set[str] = set()
    for _attempt in range(TRIES):
        drawn = {draw() for _each in range(count - len(free))}
        free |= drawn - _taken(list(drawn))
        if len(free) == count:
            return list(free)
    raise Conflict("no_free_code", _("No free code was found."), next_step=_("Try again in a moment."))


def _taken(codes: Sequence[str]) -> set[str]:
    taken: set[str] = set()
    for start in range(0, len(codes), BATCH):
        some = codes[start : start + BATCH]
        taken |= set(Respondent.objects.filter(code__in=some).values_list("code", flat=True))
    return taken


def _first_step(row: Respondent, by: User, now: datetime) -> Transition:
    return Transition(
        respondent=row, stage=row.stage, country=row.country, zones=row.zones, at=now, recorded_at=now, by=by
    )
