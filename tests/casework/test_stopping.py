"""Recording a stop: always the same answer, and nobody who shares the number is called."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from casework.stopping import Heard, read, record_a_stop
from consent import asking
from consent.purposes import Purpose
from followups import explaining
from followups.models import FollowUp
from kernel.errors import DomainError
from tests.factories import NOW, make_respondent, make_user
from tracker import spoken_codes
from tracker.models import ContactPoint, Respondent
from tracker.models.respondents import Status
from vault.models import RefusedNumber
from vault.providers import file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wordings")]

SHARED = "+447700900321"


@pytest.fixture
def focal_point():
    return make_user(Role.FOCAL_POINT)


@pytest.fixture
def locked_vault():
    file.lock()
    yield
    file.unlock()


def stop(said, by, *, keep_refusal=False, region="", even_seconds=0.0):
    return record_a_stop(
        said=said, keep_refusal=keep_refusal, by=by, now=NOW, region=region, even_seconds=even_seconds
    )


def test_a_known_and_an_unknown_code_and_number_all_get_the_same_answer(study, team, enumerator, focal_point):
    known = make_respondent(study=study, team=team, by=enumerator, numbers=(SHARED,))

    answers = {
        stop(known.spoken_code, focal_point),
        stop(spoken_codes.display(spoken_codes.draw()), focal_point),
        stop(SHARED, focal_point),
        stop("+447700900999", focal_point, keep_refusal=True),
    }

    assert len(answers) == 1


def test_a_stop_by_code_ends_contact_with_that_person_whatever_team_asks(
    study, team, enumerator, focal_point
):
    respondent = make_respondent(study=study, team=team, by=enumerator)

    stop(respondent.spoken_code.lower().replace("-", " "), focal_point)

    assert Respondent.objects.get(pk=respondent.pk).status == Status.STOPPED
    assert not FollowUp.objects.unfinished().exists()


@pytest.mark.usefixtures("locked_vault")
def test_a_stop_by_code_works_with_the_vault_locked(study, team, enumerator, focal_point):
    file.unlock()
    respondent = make_respondent(study=study, team=team, by=enumerator)
    file.lock()

    stop(respondent.spoken_code, focal_point)

    assert not asking.permits(respondent.pk, Purpose.RECONTACT, now=NOW)


def test_never_call_this_number_holds_for_both_who_share_it_and_for_no_other(
    study, team, enumerator, focal_point
):
    one = make_respondent(study=study, team=team, by=enumerator, numbers=(SHARED,))
    other = make_respondent(study=study, team=team, by=enumerator, numbers=(SHARED, "+447700900322"))

    stop(SHARED, focal_point)

    barred = set(ContactPoint.objects.filter(is_barred=True).values_list("respondent_id", flat=True))
    assert barred == {one.pk, other.pk}
    assert ContactPoint.objects.filter(respondent=other, is_barred=False).count() == 1
    assert Respondent.objects.get(pk=other.pk).status == Status.ACTIVE


def test_a_refused_number_brought_again_is_taken_with_the_same_words_and_not_kept(
    study, team, enumerator, focal_point
):
    before = make_respondent(study=study, team=team, by=enumerator, numbers=("+447700900400",))
    stop(SHARED, focal_point, keep_refusal=True)

    after = make_respondent(study=study, team=team, by=enumerator, numbers=(SHARED,))

    kept, empty = before.contact_points.get(), after.contact_points.get()
    assert RefusedNumber.objects.count() == 1
    assert empty.value is None
    assert (empty.status, empty.is_barred) == (kept.status, kept.is_barred)


def test_the_page_of_somebody_enrolled_with_a_refused_number_tells_nothing_of_the_refusal(
    study, team, enumerator, focal_point
):
    stop(SHARED, focal_point, keep_refusal=True)

    known = make_respondent(study=study, team=team, by=enumerator, numbers=(SHARED,))
    new = make_respondent(study=study, team=team, by=enumerator, numbers=("+447700900400",))

    told = [[one.sentences for one in explaining.why_not(person, NOW)] for person in (known, new)]
    assert told[0] == told[1]


def test_without_the_wish_no_code_of_the_number_is_kept(focal_point):
    stop(SHARED, focal_point, keep_refusal=False)

    assert RefusedNumber.objects.count() == 0


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "stop_empty"),
        ("K7Q2-9M4", "code_malformed"),
        ("K7Q2-9M4A", "code_check_failed"),
        ("+44", "impossible_number"),
        ("07700 900321", "impossible_number"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_that_tells_nothing(focal_point, said, code):
    with pytest.raises(DomainError) as refusal:
        stop(said, focal_point)

    assert refusal.value.code == code
    assert AuditEvent.objects.filter(action=Action.STOP_RECORDED).count() == 0


@pytest.mark.usefixtures("locked_vault")
@pytest.mark.parametrize("said", [SHARED, "+447700900998"])
def test_a_stop_by_number_with_the_vault_locked_says_the_same_for_every_number(focal_point, said):
    with pytest.raises(DomainError) as refusal:
        stop(said, focal_point, keep_refusal=True)

    assert refusal.value.code == "stop_needs_vault"
    assert AuditEvent.objects.filter(action=Action.STOP_RECORDED).count() == 0


@pytest.mark.parametrize(
    ("said", "region", "heard"),
    [
        ("K7Q2-9M4S", "", Heard(code="K7Q29M4S")),
        ("07700 900321", "GB", Heard(e164="+447700900321")),
        ("0044 7700 900321", "", Heard(e164="+447700900321")),
    ],
)
def test_what_was_said_is_read_as_a_code_or_as_a_number(said, region, heard):
    assert read(said, region) == heard


def test_the_answer_takes_as_long_for_a_code_nobody_has(focal_point):
    started = time.monotonic()

    stop(spoken_codes.draw(), focal_point, even_seconds=0.2)

    assert time.monotonic() - started >= 0.2


def test_the_trail_says_that_a_stop_came_in_and_not_whether_anybody_was_found(
    study, team, enumerator, focal_point
):
    make_respondent(study=study, team=team, by=enumerator, numbers=(SHARED,))

    stop(SHARED, focal_point)
    stop("+447700900997", focal_point)

    known, unknown = AuditEvent.objects.filter(action=Action.STOP_RECORDED)
    assert (known.detail, known.audit_ref, known.object_id) == (
        unknown.detail,
        unknown.audit_ref,
        unknown.object_id,
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["stop", "never call this number", "withdraw", "move", "stop"]))
def test_however_stops_and_moves_follow_each_other_a_stopped_person_is_owed_no_call(
    study, team, enumerator, focal_point, order
):
    from casework.moving import move_stage
    from casework.receipts import Grade
    from casework.withdrawing import withdraw
    from consent.models import Mode
    from tracker.stages import Stage

    person = make_respondent(study=study, team=team, by=enumerator, numbers=(SHARED,))
    steps = {
        "stop": lambda: stop(person.spoken_code, focal_point),
        "never call this number": lambda: stop(SHARED, focal_point),
        "withdraw": lambda: withdraw(
            respondent=person, grade=Grade.STOP, mode=Mode.PHONE, by=enumerator, now=NOW
        ),
        "move": lambda: move_stage(
            respondent=person, stage=Stage.IN_TRANSIT, country="", zone="", at=NOW, by=enumerator, now=NOW
        ),
    }

    for step in order:
        person.refresh_from_db()
        steps[step]()

    assert not FollowUp.objects.unfinished().filter(respondent=person).exists()
    assert not asking.permits(person.pk, Purpose.RECONTACT, now=NOW)
