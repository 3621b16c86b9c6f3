"""Setting a study up: making it, changing it, its rounds, and closing it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from kernel.errors import Conflict, DomainError
from tracker.models import Round, Study
from tracker.models.studies import StudyKind


@dataclass(frozen=True, slots=True)
class StudyDetails:
    """What a study's page holds; the defaults are those of the method."""

    code: str
    title: str
    teams: frozenset[UUID]
    kind: StudyKind = StudyKind.ROLLING
    calling_from: time = time(8)
    calling_until: time = time(20)
    attempts_a_day: int = 2
    attempts_a_week: int = 5
    consent_valid_days: int = 365
    longest_interview_minutes: int = 45
    contact_retention_days: int = 180
    survey_link: str = ""
    script: str = ""


@transaction.atomic
def create_study(*, details: StudyDetails, by: User, now: datetime) -> Study:
    """A new study, without a plan and without respondents.

    Raises `study_code_taken`, `study_calling_hours`, `study_survey_link`.
    """
    _check(details, None)
    study = Study(**_columns(details), created_at=now)
    study.clean_fields(exclude=["id"])
    study.save(force_insert=True)
    study.teams.set(details.teams)
    _record(Action.STUDY_CHANGED, study, by, now, change="created")
    return study


@transaction.atomic
def change_study(*, study: Study, details: StudyDetails, by: User, now: datetime) -> Study:
    """Change what a study's page holds.

    Raises, beside what `create_study` does, `study_has_begun` when its code or kind would change after somebody was
    enrolled or a round was set, and `study_closed`.
    """
    _must_be_open(study)
    _check(details, study)
    if (details.code, details.kind) != (study.code, study.kind) and _has_begun(study):
        raise Conflict(
            "study_has_begun",
            _("This study has people or rounds already, so its code and kind stay as they are."),
            kept=_("The study is as it was."),
            next_step=_("Make a new study if this one was set up in the wrong way."),
        )
    Study.objects.filter(pk=study.pk).update(**_columns(details))
    study.refresh_from_db()
    study.teams.set(details.teams)
    _record(Action.STUDY_CHANGED, study, by, now, change="changed")
    return study


@transaction.atomic
def close_study(*, study: Study, by: User, now: datetime) -> None:
    """End a study: nobody is called for it from now on. Raises `study_closed` the second time."""
    if not Study.objects.filter(pk=study.pk, closed_at=None).update(closed_at=now):
        raise _closed()
    study.refresh_from_db()
    _record(Action.STUDY_CHANGED, study, by, now, change="closed")


@transaction.atomic
def reopen_study(*, study: Study, by: User, now: datetime) -> None:
    """Take a closing back. Raises `study_open` when it is open."""
    if not Study.objects.filter(pk=study.pk, closed_at__isnull=False).update(closed_at=None):
        raise Conflict("study_open", _("This study is open. Nothing else is needed."))
    study.refresh_from_db()
    _record(Action.STUDY_CHANGED, study, by, now, change="reopened")


@transaction.atomic
def set_round(
    *, study: Study, number: int, opens_on: date, closes_on: date, by: User, now: datetime
) -> Round:
    """Set the dates `[opens_on, closes_on)` of a wave: a new one, or one that has not been issued yet.

    Raises `study_rolling`, `study_closed`, `round_closes_first`, `round_skips`, `round_overlaps`, `round_issued`.
    """
    Study.objects.select_for_update().get(pk=study.pk)
    _must_be_open(study)
    _check_dates(study, number, opens_on, closes_on)
    wave = Round.objects.filter(study=study, number=number).first()
    if wave is None:
        wave = Round(study=study, number=number, opens_on=opens_on, closes_on=closes_on)
        wave.save(force_insert=True)
    elif not Round.objects.filter(pk=wave.pk, frozen_at=None).update(opens_on=opens_on, closes_on=closes_on):
        raise _refused(
            Conflict,
            "round_issued",
            _("This round has opened and its list of people is fixed, so its dates stay as they are."),
            _("Set the dates of the next round instead."),
        )
    wave.refresh_from_db()
    _record(
        Action.ROUND_CHANGED, study, by, now, number=str(number), opens=str(opens_on), closes=str(closes_on)
    )
    return wave


def details_of(study: Study) -> StudyDetails:
    """What the study's page holds now."""
    columns = {name: getattr(study, name) for name in _COLUMNS}
    return StudyDetails(teams=frozenset(study.teams.values_list("pk", flat=True)), **columns)


_COLUMNS = tuple(name for name in StudyDetails.__slots__ if name != "teams")


def _columns(details: StudyDetails) -> dict[str, object]:
    return {name: value for name, value in asdict(details).items() if name != "teams"}


def _check(details: StudyDetails, study: Study | None) -> None:
    others = Study.objects.exclude(pk=study.pk) if study else Study.objects.all()
    if others.filter(code=details.code).exists():
        raise _refused(
            Conflict,
            "study_code_taken",
            _("Another study has the code “%(code)s”.") % {"code": details.code},
            _("Choose another code."),
        )
    if details.calling_until <= details.calling_from:
        raise _refused(
            DomainError,
            "study_calling_hours",
            _("Calling has to end later in the day than it begins."),
            _("Choose hours such as 08:00 to 20:00."),
        )
    if details.survey_link and not _is_survey_link(details.survey_link):
        raise _refused(
            DomainError,
            "study_survey_link",
            _("The link to the survey form has to begin with https:// and to hold {pseudonym} once."),
            _("Write it such as https://forms.example.org/x?code={pseudonym}, or leave it empty."),
        )


def _is_survey_link(link: str) -> bool:
    rest = link.replace("{pseudonym}", "", 1)
    return link.startswith("https://") and rest != link and not set("{} ") & set(rest)


def _check_dates(study: Study, number: int, opens_on: date, closes_on: date) -> None:
    if study.kind != StudyKind.CALENDAR:
        raise _refused(
            DomainError,
            "study_rolling",
            _(
                "This is a rolling study: each person’s windows open on their own clock, and it has no rounds."
            ),
            _("Set the intervals in its plan."),
        )
    if closes_on <= opens_on:
        raise _refused(
            DomainError,
            "round_closes_first",
            _("A round closes on a later day than it opens."),
            _("Choose a later day on which nobody is called any more."),
        )
    others = Round.objects.filter(study=study).exclude(number=number)
    if number > others.count() + 1:
        raise _refused(
            DomainError,
            "round_skips",
            _("Rounds are numbered one after the other: the next one is %(next)s.")
            % {"next": others.count() + 1},
            _("Set that one first."),
        )
    earlier = others.filter(number__lt=number, closes_on__gt=opens_on)
    if earlier.exists() or others.filter(number__gt=number, opens_on__lt=closes_on).exists():
        raise _refused(
            Conflict,
            "round_overlaps",
            _("These days overlap with another round, or stand in the wrong order."),
            _("Let a round open on or after the day on which the one before it closes."),
        )


def _has_begun(study: Study) -> bool:
    return study.enrolments.exists() or study.rounds.exists()


def _must_be_open(study: Study) -> None:
    if study.closed_at is not None:
        raise _closed()


def _closed() -> DomainError:
    return _refused(
        Conflict,
        "study_closed",
        _("This study is closed."),
        _("Open it again first if it was closed by mistake."),
    )


def _refused(kind: type[DomainError], code: str, sentence: str, next_step: str) -> DomainError:
    return kind(code, sentence, kept=_("The study is as it was."), next_step=next_step)


def _record(action: Action, study: Study, by: User, now: datetime, **detail: str) -> None:
    trail.record(action, by=by, at=now, object_type="study", object_id=study.pk, detail=detail)
