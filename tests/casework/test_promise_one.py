"""Promise 1, the part that is kept here: whatever happens in whatever order, no consent, no call."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.enrolling import enrol
from casework.moving import move_stage
from casework.receipts import Grade
from casework.stopping import record_a_stop
from casework.withdrawing import withdraw
from consent import asking
from consent.folding import Decision
from consent.models import Mode, Wording
from consent.purposes import Purpose
from consent.recording import Said, record
from followups import explaining
from followups.models import FollowUp
from kernel.errors import DomainError
from tests.factories import NOW, make_joining, make_respondent, synthetic_number
from tracker import numbers, reaching
from tracker.keeping import NewNumber
from tracker.models import ContactPoint
from tracker.profile import AgeBand
from tracker.registering import Profile
from tracker.stages import NEVER_CALLED, Stage
from vault.providers import file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wordings")]

QUIET = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ASKED = (Purpose.INTERVIEW, Purpose.KEEP_NUMBER, Purpose.RECONTACT)


@QUIET
@given(
    granted=st.sets(st.sampled_from(ASKED)),
    age=st.sampled_from(list(AgeBand)),
    stage=st.sampled_from(list(Stage)),
)
def test_whoever_did_not_agree_is_owed_no_call_and_has_no_number_here(
    study, team, enumerator, granted, age, stage
):
    refused = tuple(purpose for purpose in ASKED if purpose not in granted)
    form = make_joining(
        study=study,
        team=team,
        granted=tuple(granted),
        refused=refused,
        stage=stage,
        profile=Profile(age_band=age),
    )
    try:
        person = enrol(form=form, by=enumerator, now=NOW).respondent
    except DomainError as refusal:
        assert refusal.code == "consent_incomplete"
        return

    may_be_called = asking.permits(person.pk, Purpose.RECONTACT, now=NOW)
    assert may_be_called == (set(ASKED[1:]) <= granted and age != AgeBand.UNDER_18)
    assert ContactPoint.objects.filter(respondent=person).exists() == may_be_called
    is_owed = FollowUp.objects.unfinished().filter(respondent=person).exists()
    assert is_owed == (may_be_called and stage not in NEVER_CALLED)


STEPS = ("late yes", "move", "arrive", "number", "lock", "unlock")
ENDS = ("withdraw", "stop", "erase")


@QUIET
@given(
    before=st.lists(st.sampled_from(STEPS), max_size=3),
    end=st.sampled_from(ENDS),
    after=st.permutations(STEPS),
)
def test_once_somebody_withdrew_nothing_that_comes_after_makes_them_callable(
    study, team, enumerator, coordinator, before, end, after
):
    person = make_respondent(study=study, team=team, by=enumerator)
    moment = NOW
    try:
        for step in (*before, end, *after):
            moment += timedelta(hours=1)
            person.refresh_from_db()
            _take(step, person, enumerator, coordinator, moment)
    finally:
        file.unlock()

    assert not asking.permits(person.pk, Purpose.RECONTACT, now=moment)
    assert not FollowUp.objects.unfinished().filter(respondent=person).exists()
    assert explaining.why_not(person, moment) == []


def _take(step, person, enumerator, coordinator, moment):
    steps = {
        "withdraw": lambda: _withdraw(person, Grade.STOP, enumerator, moment),
        "erase": lambda: _withdraw(person, Grade.ERASE_IDENTIFIERS, coordinator, moment),
        "stop": lambda: record_a_stop(
            said=person.spoken_code, keep_refusal=False, by=enumerator, now=moment, even_seconds=0
        ),
        "late yes": lambda: _late_yes(person, enumerator, moment),
        "move": lambda: _move(person, Stage.IN_TRANSIT, enumerator, moment),
        "arrive": lambda: _move(person, Stage.ARRIVED, enumerator, moment),
        "number": lambda: reaching.add_numbers(
            respondent=person,
            numbers=[NewNumber(numbers.parse(synthetic_number()))],
            by=enumerator,
            now=moment,
        ),
        "lock": file.lock,
        "unlock": file.unlock,
    }
    try:
        steps[step]()
    except DomainError as refusal:
        assert refusal.code in {"not_taking_part", "number_without_consent", "vault_locked"}


def _withdraw(person, grade, by, moment):
    withdraw(respondent=person, grade=grade, mode=Mode.PHONE, by=by, now=moment)


def _move(person, stage, by, moment):
    move_stage(respondent=person, stage=stage, country="", zone="", at=moment, by=by, now=moment)


def _late_yes(person, by, moment):
    """A yes that was said on the day of the enrolment and arrives only now."""
    wording = Wording.objects.in_use(Purpose.RECONTACT, "en")
    said = Said(Purpose.RECONTACT, Decision.GRANTED, Mode.PHONE, "en", NOW, wording=wording)
    record(respondent_id=person.pk, audit_ref=person.audit_ref, said=said, by=by, now=moment)


def test_of_two_on_one_number_neither_is_called_on_it_once_one_says_never(study, team, enumerator):
    shared = "+447700900432"
    two = [make_respondent(study=study, team=team, by=enumerator, numbers=(shared,)) for _each in range(2)]
    due = max(FollowUp.objects.values_list("due_at", flat=True))

    record_a_stop(said=shared, keep_refusal=False, by=enumerator, now=NOW, even_seconds=0)

    for person in two:
        (explained,) = explaining.why_not(person, due)
        assert any("number" in sentence for sentence in explained.sentences)
