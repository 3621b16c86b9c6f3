"""Enrolling: what is kept of whom, and that nothing is ever half done."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.db import connections

from audit.actions import Action
from audit.models import AuditEvent
from casework import enrolling
from casework.enrolling import enrol
from casework.joining import Followed, Joining, NumberGiven
from consent import asking
from consent.models import LedgerEntry
from consent.purposes import Purpose
from followups.models import FollowUp, Hold
from kernel.errors import DomainError
from tests.factories import (
    ALL_ASKED,
    NOW,
    make_joining,
    make_respondent,
    make_study,
    make_team,
    make_user,
)
from tracker.keeping import SafeContact
from tracker.models import ContactPoint, Enrolment, Respondent, Transition
from tracker.models.contact_points import Whose
from tracker.models.respondents import Status, ZoneSource
from tracker.profile import AgeBand
from tracker.registering import Profile
from tracker.stages import Stage
from vault.models import PhoneBucket, SubjectKey
from vault.providers import file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wordings")]

TABLES = (
    Respondent,
    Transition,
    ContactPoint,
    Enrolment,
    LedgerEntry,
    FollowUp,
    Hold,
    SubjectKey,
    PhoneBucket,
)


def counts():
    return {model.__name__: model.objects.count() for model in TABLES}


def test_somebody_who_agrees_is_enrolled_with_a_number_that_is_sealed_and_a_first_follow_up(
    team, study, enumerator
):
    form = make_joining(study=study, team=team, numbers=("+447700900123",), stage=Stage.ARRIVED)

    enrolled = enrol(form=form, by=enumerator, now=NOW)

    respondent = enrolled.respondent
    point = respondent.contact_points.get()
    assert respondent.status == Status.ACTIVE
    assert repr(point.value) == "<sealed phone.e164>"
    assert point.status == "unverified"
    assert enrolled.follow_up.due_at > NOW
    assert respondent.usual_enumerator == enumerator
    assert asking.permits(respondent.pk, Purpose.RECONTACT, now=NOW)
    assert PhoneBucket.objects.get(contact_point=point.pk).subject == respondent.pk
    assert respondent.spoken_code in enrolled.sentence


@pytest.mark.parametrize("missing", [Purpose.KEEP_NUMBER, Purpose.RECONTACT])
def test_without_consent_to_be_called_the_person_is_counted_and_no_number_is_kept(
    team, study, enumerator, missing
):
    granted = tuple(one for one in ALL_ASKED if one not in (missing, Purpose.RECONTACT))
    form = make_joining(study=study, team=team, granted=granted, refused=(Purpose.RECONTACT,))

    enrolled = enrol(form=form, by=enumerator, now=NOW)

    assert enrolled.followed is Followed.NOT_AGREED
    assert enrolled.respondent.status == Status.BASELINE_ONLY
    assert not enrolled.respondent.enrolments.get().is_followed
    assert (ContactPoint.objects.count(), SubjectKey.objects.count(), PhoneBucket.objects.count()) == (
        0,
        0,
        0,
    )
    assert FollowUp.objects.count() == 0


def test_a_minor_is_counted_in_the_baseline_and_never_called_whatever_they_agreed_to(team, study, enumerator):
    form = make_joining(study=study, team=team, profile=Profile(age_band=AgeBand.UNDER_18))

    enrolled = enrol(form=form, by=enumerator, now=NOW)

    assert enrolled.followed is Followed.UNDER_18
    assert "under 18" in enrolled.sentence
    assert not asking.permits(enrolled.respondent.pk, Purpose.RECONTACT, now=NOW)
    assert asking.permits(enrolled.respondent.pk, Purpose.INTERVIEW, now=NOW)
    assert ContactPoint.objects.count() == 0


def test_somebody_only_counted_is_counted_while_the_vault_is_locked_too(team, study, enumerator):
    file.lock()
    try:
        enrolled = enrol(
            form=make_joining(study=study, team=team, granted=(Purpose.INTERVIEW,)), by=enumerator, now=NOW
        )
    finally:
        file.unlock()

    assert enrolled.respondent.status == Status.BASELINE_ONLY


def test_several_numbers_keep_their_order_whose_they_are_and_when_each_is_safe(team, study, enumerator):
    evening = SafeContact(
        safe_days=(0, 1), safe_from=time(18), safe_until=time(20), safe_phrase="green tea", may_message=True
    )
    form = Joining(
        **{
            name: getattr(make_joining(study=study, team=team), name)
            for name in Joining.__slots__
            if name != "numbers"
        },
        numbers=(
            NumberGiven("+447700900001", safe=evening),
            NumberGiven("07700 900002", region="GB", whose=Whose.SHARED),
            NumberGiven("+447700900001", whose=Whose.SHARED),
        ),
    )

    respondent = enrol(form=form, by=enumerator, now=NOW).respondent

    first, second = respondent.contact_points.all()
    assert (first.whose, first.safe_days, first.safe_from, first.may_message) == (
        "own",
        [0, 1],
        time(18),
        True,
    )
    assert repr(first.safe_phrase) == "<sealed contact.safe_phrase>"
    assert (second.whose, second.may_message, second.safe_phrase) == ("shared", False, None)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"numbers": ("12",)}, "impossible_number"),
        ({"numbers": ()}, "number_missing"),
        ({"language": "xx"}, "unknown_language"),
        ({"zone": "Africa/Atlantis"}, "unknown_zone"),
        ({"country": "ZZ"}, "unknown_country"),
        ({"language": "ti"}, "wording_not_approved"),
        ({"whose": Whose.TRUSTED}, "trusted_without_consent"),
        ({"granted": (Purpose.INTERVIEW, Purpose.RECONTACT)}, "consent_incomplete"),
        ({"ask_for": "x" * 41}, "too_long"),
    ],
)
def test_what_does_not_fit_is_answered_with_a_sentence_and_nobody_is_enrolled(
    team, study, enumerator, said, code
):
    before = counts()

    with pytest.raises(DomainError) as refusal:
        enrol(form=make_joining(study=study, team=team, **said), by=enumerator, now=NOW)

    assert refusal.value.code == code
    assert counts() == before


def test_nobody_enrols_for_a_team_that_is_not_their_own(team, study):
    stranger = make_user(team=make_team())

    with pytest.raises(DomainError, match="your own team"):
        enrol(form=make_joining(study=study, team=team), by=stranger, now=NOW)


def test_a_number_already_held_is_taken_with_the_same_words(team, study, enumerator):
    number = ("+447700900777",)
    first = enrol(form=make_joining(study=study, team=team, numbers=number), by=enumerator, now=NOW)

    second = enrol(form=make_joining(study=study, team=team, numbers=number), by=enumerator, now=NOW)

    assert second.respondent.pk != first.respondent.pk
    assert second.respondent.contact_points.get().status == first.respondent.contact_points.get().status
    assert second.sentence.replace(second.respondent.spoken_code, "") == first.sentence.replace(
        first.respondent.spoken_code, ""
    )


@pytest.mark.parametrize(
    ("said", "zones", "source"),
    [
        ({"country": "TN", "zone": "Africa/Cairo"}, ["Africa/Cairo"], ZoneSource.STATED),
        ({"country": "TN"}, ["Africa/Tunis"], ZoneSource.COUNTRY),
        ({"country": ""}, ["Europe/London"], ZoneSource.NUMBER),
    ],
)
def test_the_stated_zone_comes_before_the_country_and_the_country_before_the_number(
    team, study, enumerator, said, zones, source
):
    respondent = make_respondent(study=study, team=team, by=enumerator, numbers=("+447400123456",), **said)

    assert set(zones) <= set(respondent.zones)
    assert respondent.zone_source == source


def test_somebody_detained_is_enrolled_and_waits_for_a_review_instead_of_a_call(team, study, enumerator):
    enrolled = enrol(form=make_joining(study=study, team=team, stage=Stage.DETAINED), by=enumerator, now=NOW)

    assert enrolled.follow_up is None
    assert Hold.objects.standing(NOW).filter(respondent=enrolled.respondent, review_at__gt=NOW).exists()
    assert "Nobody is called" in enrolled.sentence


def test_consent_stands_as_long_as_the_study_says_and_no_longer(team, enumerator):
    study = make_study(team=team, consent_valid_days=60)
    respondent = make_respondent(study=study, team=team, by=enumerator)

    assert asking.permits(respondent.pk, Purpose.RECONTACT, now=NOW + timedelta(days=59))
    assert not asking.permits(respondent.pk, Purpose.RECONTACT, now=NOW + timedelta(days=60))


def test_the_trail_tells_of_the_enrolment_without_a_number_or_a_respondent_id(team, study, enumerator):
    respondent = make_respondent(study=study, team=team, by=enumerator, numbers=("+447700900123",))

    event = AuditEvent.objects.get(action=Action.RESPONDENT_ENROLLED)

    assert event.audit_ref == respondent.audit_ref
    assert str(respondent.pk) not in str(event.__dict__)
    assert "900123" not in str(AuditEvent.objects.values())


@contextmanager
def a_fault_at(table, alias):
    """The database fails at the first row written into one table."""

    def fail(execute, sql, params, many, context):
        if sql.startswith("INSERT") and f'"{table}"' in sql:
            raise OSError("the disk is full")
        return execute(sql, params, many, context)

    with connections[alias].execute_wrapper(fail):
        yield


@pytest.mark.parametrize(
    ("table", "alias"),
    [
        ("vault_subjectkey", "vault"),
        ("tracker_respondent", "default"),
        ("tracker_transition", "default"),
        ("consent_ledgerentry", "default"),
        ("tracker_contactpoint", "default"),
        ("vault_phonebucket", "vault"),
        ("tracker_enrolment", "default"),
        ("followups_followup", "default"),
        ("audit_auditevent", "default"),
    ],
)
def test_a_fault_at_any_step_leaves_nothing_half_done(team, study, enumerator, table, alias):
    before = counts()

    with pytest.raises(OSError, match="disk is full"), a_fault_at(table, alias):
        enrol(form=make_joining(study=study, team=team), by=enumerator, now=NOW)

    assert counts() == before


def test_a_form_sent_twice_enrols_once_whatever_it_says_the_second_time(team, study, enumerator):
    form = make_joining(study=study, team=team, numbers=("+447700900123",))
    first = enrol(form=form, by=enumerator, now=NOW)
    before = counts()

    again = enrol(form=replace(form, numbers=()), by=enumerator, now=NOW)

    assert (again.respondent, again.follow_up, again.was_known) == (first.respondent, first.follow_up, True)
    assert counts() == before


def test_somebody_elses_form_tells_nothing_of_whom_it_enrolled(team, study, enumerator):
    form = make_joining(study=study, team=team, numbers=("+447700900123",))
    enrol(form=form, by=enumerator, now=NOW)
    before = counts()

    with pytest.raises(DomainError) as refused:
        enrol(form=form, by=make_user(team=team), now=NOW)

    assert refused.value.code == "form_used"
    assert counts() == before


def test_of_two_forms_sent_at_once_the_second_is_told_of_the_first(team, study, enumerator, monkeypatch):
    form = make_joining(study=study, team=team, numbers=("+447700900123",))
    first = enrol(form=form, by=enumerator, now=NOW)
    seen = [None, *[enrolling._earlier] * 2]
    monkeypatch.setattr(enrolling, "_earlier", lambda *given: (look := seen.pop(0)) and look(*given))

    again = enrol(form=form, by=enumerator, now=NOW)

    assert again.respondent == first.respondent
    assert SubjectKey.objects.filter(subject=form.id).count() == 1
