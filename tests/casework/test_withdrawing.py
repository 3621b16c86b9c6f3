"""Withdrawing in three grades, with the vault open and locked."""

import pytest
from django.db import connections

from audit.actions import Action
from audit.models import AuditEvent
from casework.erasing import erase, sealed_fields
from casework.receipts import Grade
from casework.withdrawing import withdraw
from consent import asking
from consent.models import Mode
from consent.purposes import Purpose
from followups.models import Appointment, FollowUp
from kernel.holdings import DataClass, Retention, fields_of, first_party_models
from tests.factories import NOW, make_respondent
from tracker import reaching
from tracker.keeping import SafeContact
from tracker.models import ContactPoint, Respondent, SourceCase, Transition
from tracker.models.respondents import Status
from tracker.profile import AgeBand, Sex
from tracker.registering import Profile
from tracker.stages import Stage
from vault import lines
from vault.errors import Shredded
from vault.models import PhoneBucket, SubjectKey
from vault.providers import file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wordings")]

SAFE = SafeContact(safe_phrase="green tea", cover_words="about the bicycle")
KNOWN = Profile(age_band=AgeBand.FROM_25, sex=Sex.WOMAN, baseline_country="TN")


@pytest.fixture
def respondent(study, team, enumerator):
    return make_respondent(study=study, team=team, by=enumerator, safe=SAFE, ask_for="Sparrow", profile=KNOWN)


@pytest.fixture
def locked_vault(respondent, coordinator):
    file.lock()
    yield
    file.unlock()


def said_on_the_phone(respondent, grade, by):
    return withdraw(respondent=respondent, grade=grade, mode=Mode.PHONE, by=by, now=NOW)


def test_an_enumerator_stops_contact_in_one_step_and_nothing_is_owed_any_more(respondent, enumerator):
    receipt = said_on_the_phone(respondent, Grade.STOP, enumerator)

    respondent.refresh_from_db()
    assert respondent.status == Status.STOPPED
    assert not asking.permits(respondent.pk, Purpose.RECONTACT, now=NOW)
    assert FollowUp.objects.get(respondent=respondent).ended == "withdrawn"
    assert (receipt.follow_ups_closed, receipt.is_erased, receipt.awaits_erasure) == (1, False, False)


def test_stopping_twice_is_no_error_and_ends_nothing_twice(respondent, enumerator):
    said_on_the_phone(respondent, Grade.STOP, enumerator)

    receipt = said_on_the_phone(respondent, Grade.STOP, enumerator)

    assert receipt.follow_ups_closed == 0
    assert Respondent.objects.get(pk=respondent.pk).status == Status.STOPPED


@pytest.mark.usefixtures("locked_vault")
@pytest.mark.parametrize("grade", list(Grade))
def test_every_grade_of_withdrawal_works_with_the_vault_locked(respondent, coordinator, grade):
    receipt = said_on_the_phone(respondent, grade, coordinator)

    respondent.refresh_from_db()
    assert not asking.permits(respondent.pk, Purpose.RECONTACT, now=NOW)
    assert not FollowUp.objects.unfinished().filter(respondent=respondent).exists()
    assert receipt.is_erased == (grade != Grade.STOP)
    assert SubjectKey.objects.filter(subject=respondent.pk).exists() == (grade == Grade.STOP)


def test_asked_to_erase_an_enumerator_stops_contact_and_leaves_the_erasure_to_whoever_may(
    respondent, enumerator, coordinator
):
    receipt = said_on_the_phone(respondent, Grade.ERASE_ALL, enumerator)

    respondent.refresh_from_db()
    assert receipt.awaits_erasure
    assert respondent.status == Status.STOPPED
    assert AuditEvent.objects.filter(action=Action.ERASE_REQUESTED, audit_ref=respondent.audit_ref).exists()
    assert said_on_the_phone(respondent, Grade.ERASE_ALL, coordinator).is_erased


def test_erasing_identifiers_destroys_the_key_and_the_numbers_and_keeps_the_coarse_profile(
    respondent, coordinator
):
    receipt = said_on_the_phone(respondent, Grade.ERASE_IDENTIFIERS, coordinator)

    respondent.refresh_from_db()
    assert (respondent.status, respondent.ask_for, respondent.audit_ref) == (Status.ERASED, None, None)
    assert (respondent.sex, respondent.language) == (Sex.WOMAN, "en")
    assert not ContactPoint.objects.filter(respondent=respondent).exists()
    assert not SubjectKey.objects.filter(subject=respondent.pk).exists()
    assert not PhoneBucket.objects.filter(subject=respondent.pk).exists()
    assert (receipt.destroyed.numbers, receipt.destroyed.sealed_values, receipt.destroyed.keys) == (1, 4, 1)


def test_a_token_taken_from_a_backup_cannot_be_opened_after_the_erasure(respondent, coordinator):
    kept_in_a_backup = ContactPoint.objects.get(respondent=respondent).value

    said_on_the_phone(respondent, Grade.ERASE_IDENTIFIERS, coordinator)

    with pytest.raises(Shredded):
        lines.sharing(kept_in_a_backup)


def test_erasing_all_leaves_a_code_and_nothing_that_narrows_down(respondent, coordinator):
    code = respondent.code

    said_on_the_phone(respondent, Grade.ERASE_ALL, coordinator)

    left = Respondent.objects.get(pk=respondent.pk)
    assert left.code == code
    assert (left.language, left.country, left.zones, left.stage) == ("", "", [], Stage.UNKNOWN)
    assert (left.age_band, left.sex, left.route, left.baseline_country) == (
        "not_said",
        "not_said",
        "not_said",
        "",
    )
    assert left.stage_since.day == 1
    assert not Transition.objects.filter(respondent=left).exists()
    assert FollowUp.objects.filter(respondent=left).values_list("stage", "language").get() == ("unknown", "")


def test_every_quasi_identifying_column_of_a_respondent_is_said_nothing_in(respondent, coordinator):
    said_on_the_phone(respondent, Grade.ERASE_ALL, coordinator)

    left = Respondent.objects.get(pk=respondent.pk)
    empty = {"", "not_said", "unknown", "country", str([])}
    told = {
        field.name
        for field in Respondent._meta.local_fields
        if field.holding[0] == DataClass.QUASI_IDENTIFYING and str(getattr(left, field.name)) not in empty
    }
    assert told == {"stage_since"}


def test_no_sealed_value_of_the_person_is_left_in_any_table(respondent, coordinator):
    said_on_the_phone(respondent, Grade.ERASE_IDENTIFIERS, coordinator)

    for model, field in sealed_fields():
        subject = field.subject.replace(".", "__")
        assert not model._base_manager.filter(
            **{subject: respondent.pk, f"{field.name}__isnull": False}
        ).exists()


def test_every_sealed_field_of_a_respondent_can_be_emptied():
    assert [f"{model.__name__}.{field.name}" for model, field in sealed_fields() if not field.null] == []


def test_every_field_to_be_nulled_at_erasure_stands_in_a_model_that_erasure_reaches():
    reached = {"Respondent", "ContactPoint", "SourceCase", "OrientationRequest", "Outlook"}

    holders = {
        model.__name__
        for model in first_party_models()
        if model._meta.app_label != "vault"
        for field in fields_of(model)
        if getattr(field, "holding", (None, None, None))[2] == Retention.ERASURE
    }

    assert holders <= reached


def test_the_row_of_an_imported_list_stays_without_the_person(respondent, coordinator, study):
    SourceCase.objects.create(source="list", case_key=b"k" * 32, study=study, respondent=respondent, at=NOW)

    said_on_the_phone(respondent, Grade.ERASE_IDENTIFIERS, coordinator)

    assert SourceCase.objects.get().respondent is None


def test_the_trail_says_what_was_erased_and_can_no_longer_be_followed_to_the_person(respondent, coordinator):
    said_on_the_phone(respondent, Grade.ERASE_ALL, coordinator)

    event = AuditEvent.objects.get(action=Action.RESPONDENT_ERASED)
    assert (event.detail["numbers"], event.detail["keys"], len(event.detail["final_after"])) == (1, 1, 1)
    assert not Respondent.objects.filter(audit_ref=event.audit_ref).exists()


def test_a_key_whose_name_is_all_digits_does_not_keep_anybody_from_being_erased(respondent, coordinator):
    SubjectKey.objects.filter(subject=respondent.pk).update(kek_id=bytes.fromhex("1809707869079101"))

    said_on_the_phone(respondent, Grade.ERASE_ALL, coordinator)

    event = AuditEvent.objects.get(action=Action.RESPONDENT_ERASED)
    assert event.detail["final_after"] == ["18:09:70:78:69:07:91:01"]


def test_erasing_twice_is_no_error(respondent, coordinator):
    said_on_the_phone(respondent, Grade.ERASE_IDENTIFIERS, coordinator)

    receipt = said_on_the_phone(respondent, Grade.ERASE_ALL, coordinator)

    assert receipt.destroyed.keys == 0
    assert Respondent.objects.get(pk=respondent.pk).status == Status.ERASED


def test_contact_stays_stopped_and_the_wish_recorded_when_the_erasure_fails(respondent, coordinator):
    def fail(execute, sql, params, many, context):
        if sql.startswith("DELETE") and "vault_subjectkey" in sql:
            raise OSError("the disk is full")
        return execute(sql, params, many, context)

    with pytest.raises(OSError, match="disk"), connections["vault"].execute_wrapper(fail):
        said_on_the_phone(respondent, Grade.ERASE_ALL, coordinator)

    assert Respondent.objects.get(pk=respondent.pk).status == Status.STOPPED
    assert not asking.permits(respondent.pk, Purpose.RECONTACT, now=NOW)
    assert said_on_the_phone(respondent, Grade.ERASE_ALL, coordinator).is_erased


def test_no_number_is_taken_for_somebody_who_was_erased(respondent, coordinator):
    erase(respondent=respondent, grade=Grade.ERASE_IDENTIFIERS, by=coordinator, now=NOW)
    from tracker import numbers
    from tracker.keeping import NewNumber

    with pytest.raises(Exception, match="not being called|taking part"):
        reaching.add_numbers(
            respondent=respondent,
            numbers=[NewNumber(numbers.parse("+447700900555"))],
            by=coordinator,
            now=NOW,
        )

    assert not ContactPoint.objects.filter(respondent=respondent).exists()
    assert not Appointment.objects.exists()
