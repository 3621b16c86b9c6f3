"""Setting a study up, its rounds, and whether it is ready."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from accounts.permissions import Role
from consent.purposes import Purpose
from kernel.errors import DomainError
from tests.accounts.people import person, team
from tests.consent.words import wording
from tracker import studies
from tracker.models import Round, Study
from tracker.models.studies import StudyKind
from tracker.readiness import readiness_of
from tracker.studies import StudyDetails

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def coordinator():
    return person(Role.COORDINATOR, "cora", teams=(team(),))


@pytest.fixture
def details():
    return StudyDetails(code="LY-1", title="Libya panel", teams=frozenset({team().pk}))


@pytest.fixture
def study(details, coordinator):
    return studies.create_study(details=details, by=coordinator, now=NOON)


@pytest.fixture
def calendar(details, coordinator):
    return studies.create_study(
        details=replace(details, code="CAL-1", kind=StudyKind.CALENDAR), by=coordinator, now=NOON
    )


def refusal_of(use_case, **arguments):
    with pytest.raises(DomainError) as refusal:
        use_case(now=NOON, **arguments)
    return refusal.value


def set_round(study, by, number, opens_on, closes_on):
    return studies.set_round(
        study=study, number=number, opens_on=opens_on, closes_on=closes_on, by=by, now=NOON
    )


def test_a_study_is_made_with_its_teams(study):
    read = Study.objects.get(code="LY-1")

    assert studies.details_of(read).teams == {team().pk}
    assert (read.kind, read.created_at, read.closed_at) == (StudyKind.ROLLING, NOON, None)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"calling_from": time(20), "calling_until": time(8)}, "study_calling_hours"),
        ({"calling_from": time(8), "calling_until": time(8)}, "study_calling_hours"),
        ({"survey_link": "http://forms.example.org/{pseudonym}"}, "study_survey_link"),
        ({"survey_link": "https://forms.example.org/"}, "study_survey_link"),
        ({"survey_link": "https://forms.example.org/{pseudonym}/{number}"}, "study_survey_link"),
        ({"survey_link": "https://forms.example.org/{pseudonym}?again={pseudonym}"}, "study_survey_link"),
    ],
)
def test_impossible_hours_or_links_make_no_study(details, coordinator, wish, code):
    refusal = refusal_of(studies.create_study, details=replace(details, **wish), by=coordinator)

    assert refusal.code == code
    assert not Study.objects.exists()


def test_a_link_with_the_pseudonym_once_is_taken(details, coordinator):
    link = "https://forms.example.org/x?code={pseudonym}"

    made = studies.create_study(details=replace(details, survey_link=link), by=coordinator, now=NOON)

    assert made.survey_link == link


def test_two_studies_never_share_a_code(study, details, coordinator):
    assert refusal_of(studies.create_study, details=details, by=coordinator).code == "study_code_taken"


def test_a_study_without_people_may_change_its_kind(study, details, coordinator):
    studies.change_study(
        study=study, details=replace(details, kind=StudyKind.CALENDAR), by=coordinator, now=NOON
    )

    assert Study.objects.get(pk=study.pk).kind == StudyKind.CALENDAR


@pytest.mark.parametrize("wish", [{"kind": StudyKind.ROLLING}, {"code": "CAL-2"}])
def test_a_study_that_has_begun_keeps_its_code_and_kind(calendar, coordinator, wish):
    set_round(calendar, coordinator, 1, date(2026, 4, 1), date(2026, 5, 1))
    wished = replace(studies.details_of(calendar), **wish)

    assert (
        refusal_of(studies.change_study, study=calendar, details=wished, by=coordinator).code
        == "study_has_begun"
    )
    assert Study.objects.get(pk=calendar.pk).code == "CAL-1"


def test_a_study_that_has_begun_may_change_its_hours(calendar, coordinator):
    set_round(calendar, coordinator, 1, date(2026, 4, 1), date(2026, 5, 1))

    wished = replace(studies.details_of(calendar), calling_until=time(18))
    studies.change_study(study=calendar, details=wished, by=coordinator, now=NOON)

    assert Study.objects.get(pk=calendar.pk).calling_until == time(18)


def test_a_closed_study_is_closed_once_changes_nothing_and_opens_again(study, details, coordinator):
    studies.close_study(study=study, by=coordinator, now=NOON)

    assert refusal_of(studies.close_study, study=study, by=coordinator).code == "study_closed"
    assert (
        refusal_of(studies.change_study, study=study, details=details, by=coordinator).code == "study_closed"
    )
    assert not Study.objects.all().open().exists()
    studies.reopen_study(study=study, by=coordinator, now=NOON)
    assert Study.objects.all().open().exists()
    assert refusal_of(studies.reopen_study, study=study, by=coordinator).code == "study_open"


def test_rounds_follow_one_another_and_may_touch(calendar, coordinator):
    set_round(calendar, coordinator, 1, date(2026, 4, 1), date(2026, 5, 1))
    set_round(calendar, coordinator, 2, date(2026, 5, 1), date(2026, 6, 1))

    assert list(Round.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("number", "opens_on", "closes_on", "code"),
    [
        (3, date(2026, 6, 1), date(2026, 7, 1), "round_skips"),
        (2, date(2026, 4, 30), date(2026, 6, 1), "round_overlaps"),
        (2, date(2026, 1, 1), date(2026, 2, 1), "round_overlaps"),
        (2, date(2026, 6, 1), date(2026, 6, 1), "round_closes_first"),
    ],
)
def test_rounds_in_the_wrong_order_are_refused(calendar, coordinator, number, opens_on, closes_on, code):
    set_round(calendar, coordinator, 1, date(2026, 4, 1), date(2026, 5, 1))

    refusal = refusal_of(
        studies.set_round,
        study=calendar,
        number=number,
        opens_on=opens_on,
        closes_on=closes_on,
        by=coordinator,
    )

    assert refusal.code == code
    assert calendar.rounds.count() == 1


def test_a_round_gets_new_dates_until_its_list_is_fixed(calendar, coordinator):
    set_round(calendar, coordinator, 1, date(2026, 4, 1), date(2026, 5, 1))
    set_round(calendar, coordinator, 1, date(2026, 4, 2), date(2026, 5, 2))
    Round.objects.update(frozen_at=NOON)

    refusal = refusal_of(
        studies.set_round,
        study=calendar,
        number=1,
        opens_on=date(2026, 4, 3),
        closes_on=date(2026, 5, 3),
        by=coordinator,
    )

    assert refusal.code == "round_issued"
    assert Round.objects.get().opens_on == date(2026, 4, 2)


def test_a_rolling_study_has_no_rounds(study, coordinator):
    refusal = refusal_of(
        studies.set_round,
        study=study,
        number=1,
        opens_on=date(2026, 4, 1),
        closes_on=date(2026, 5, 1),
        by=coordinator,
    )

    assert refusal.code == "study_rolling"


def test_a_study_is_not_ready_without_enumerators(study):
    readiness = readiness_of(study)

    assert (readiness.is_ready, readiness.has_enumerators) == (False, False)


def test_an_enumerator_without_a_language_is_named_and_does_not_make_a_study_ready(study):
    silent = person(teams=(team(),))

    readiness = readiness_of(study)

    assert readiness.silent == (silent,)
    assert not readiness.is_ready


def test_a_study_is_ready_when_its_languages_have_their_words(study):
    person(teams=(team(),), languages=("ti",))
    person(languages=("so",), teams=(team("NIA", "Niamey", "NE"),))
    for purpose in (Purpose.INTERVIEW, Purpose.KEEP_NUMBER):
        wording(purpose, "ti")
    missing = [cell.purpose for cell in readiness_of(study).uncovered]

    wording(Purpose.RECONTACT, "ti")

    assert missing == [Purpose.RECONTACT]
    assert readiness_of(study).is_ready


def test_a_calendar_study_is_not_ready_without_a_round(calendar):
    assert readiness_of(calendar).needs_rounds


def test_people_in_two_of_a_studys_teams_are_counted_once(study, coordinator):
    other = team("NIA", "Niamey", "NE")
    study.teams.add(other)
    person(teams=(team(), other), languages=("ti",))

    assert [(one.code, one.enumerators) for one in readiness_of(study).spoken] == [("ti", 1)]
