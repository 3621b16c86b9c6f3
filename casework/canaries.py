"""Planting a canary: a respondent who does not exist, among people who look the same on every page."""

from datetime import datetime

from django.db import transaction

from accounts.models import Team, User
from audit import canaries, trail
from audit.actions import Action
from consent import recording
from consent.folding import Decision
from consent.models import Mode
from consent.purposes import Purpose
from consent.recording import Said
from tracker.models import Respondent
from tracker.models.respondents import Status, ZoneSource
from tracker.profile import AgeBand, NationalityGroup, Route, Sex
from tracker.registering import Person, Profile, register
from tracker.stages import Stage
from tracker.whereabouts import Whereabouts

NO = (Purpose.KEEP_NUMBER, Purpose.RECONTACT)


@transaction.atomic
def plant(*, team: Team, by: User, now: datetime) -> Respondent:
    """A new canary in a team: like somebody who was interviewed once and said no to being called.

    It has no number, no consent to a call and no place in a study, so nobody is offered it, and no figure counts it.
    That it is one stands in no row of its own: only in the list the officer reads.
    """
    respondent = register(person=_like(_pattern(team), team), by=by, now=now)
    assert respondent.audit_ref is not None  # noqa: S101  # nosec B101
    said = tuple(
        Said(purpose, Decision.REFUSED, Mode.IN_PERSON, respondent.language, at=now) for purpose in NO
    )
    recording.record_all(
        respondent_id=respondent.pk, audit_ref=respondent.audit_ref, said=said, by=by, now=now
    )
    canaries.plant(audit_ref=respondent.audit_ref, by=by.pk, now=now)
    trail.record(
        Action.CANARY_PLANTED, by=by, at=now, audit_ref=respondent.audit_ref, object_type="respondent"
    )
    return respondent


def _pattern(team: Team) -> Respondent | None:
    """Somebody of the team, drawn anew each time, whose coarse profile a canary takes on."""
    people = Respondent.objects.filter(team=team, status__in=(Status.ACTIVE, Status.BASELINE_ONLY))
    return people.order_by("?").first()


def _like(pattern: Respondent | None, team: Team) -> Person:
    if pattern is None:
        where = Whereabouts(team.country)
        return Person(team, "en", Stage.ARRIVED, where, status=Status.BASELINE_ONLY)
    stated = pattern.zones[0] if pattern.zone_source == ZoneSource.STATED and pattern.zones else ""
    return Person(
        team=team,
        language=pattern.language,
        stage=Stage(pattern.stage),
        where=Whereabouts(pattern.country, stated),
        status=Status.BASELINE_ONLY,
        profile=Profile(
            AgeBand(pattern.age_band),
            Sex(pattern.sex),
            NationalityGroup(pattern.nationality_group),
            Route(pattern.route),
            pattern.baseline_country,
        ),
    )
