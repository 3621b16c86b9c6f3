"""Wordings: versions, and a second person."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from consent import wordings
from consent.coverage import Coverage, coverage, languages_in_view, uncovered
from consent.models import Wording
from consent.purposes import Purpose
from kernel.errors import DomainError
from tests import factories
from tests.accounts.people import person
from tests.consent.words import NOON, TEXT, wording

pytestmark = pytest.mark.django_db


def test_a_new_text_is_a_new_version_and_the_old_one_stays_in_use():
    first = wording()

    second = wordings.draft(
        purpose=Purpose.RECONTACT, language="ti", text=f" {TEXT} ", by=person(Role.COORDINATOR), now=NOON
    )

    assert (second.version, second.text) == (2, TEXT)
    assert Wording.objects.in_use(Purpose.RECONTACT, "ti") == first


def test_a_second_person_brings_a_draft_into_use():
    draft = wording(is_approved=False)
    second = person(Role.DPO)

    wordings.approve(wording=draft, by=second, now=NOON)

    assert Wording.objects.in_use(Purpose.RECONTACT, "ti").approved_by == second
    assert AuditEvent.objects.get().action == Action.WORDING_APPROVED


def test_nobody_approves_their_own_draft():
    draft = wording(is_approved=False)

    with pytest.raises(DomainError) as refusal:
        wordings.approve(wording=draft, by=draft.drafted_by, now=NOON)

    assert refusal.value.code == "own_draft"
    assert Wording.objects.in_use(Purpose.RECONTACT, "ti") is None


def test_the_database_too_wants_a_second_person():
    draft = wording(is_approved=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        Wording.objects.filter(pk=draft.pk).update(approved_by=draft.drafted_by, approved_at=NOON)


def test_a_draft_is_approved_once():
    draft = wording(is_approved=False)
    wordings.approve(wording=draft, by=person(Role.DPO), now=NOON)

    with pytest.raises(DomainError) as refusal:
        wordings.approve(wording=draft, by=person(Role.DPO), now=NOON)

    assert refusal.value.code == "already_approved"


def test_a_draft_waits_for_everyone_who_may_approve_but_its_author():
    draft = wording(is_approved=False)
    assert list(Wording.objects.waiting_for(person(Role.DPO))) == [draft]
    assert not Wording.objects.waiting_for(draft.drafted_by)
    assert not Wording.objects.waiting_for(person(Role.ENUMERATOR))


def test_a_draft_that_a_newer_one_has_overtaken_waits_for_nobody():
    wording(is_approved=False)
    newer = wording(version=2, is_approved=False)
    assert list(Wording.objects.waiting_for(person(Role.DPO))) == [newer]


def test_coverage_tells_missing_drafted_approved_and_revised_apart():
    wording(Purpose.INTERVIEW, "ti", is_approved=False)
    wording(Purpose.KEEP_NUMBER, "ti")
    wording(Purpose.RECONTACT, "ti")
    wording(Purpose.RECONTACT, "ti", 2, is_approved=False)

    cells = {row[0].purpose: row[0].coverage for row in coverage(["ti"])}

    assert cells[Purpose.INTERVIEW] is Coverage.DRAFTED
    assert cells[Purpose.KEEP_NUMBER] is Coverage.APPROVED
    assert cells[Purpose.RECONTACT] is Coverage.REVISED
    assert cells[Purpose.MESSAGE] is Coverage.MISSING


def test_a_study_lacks_words_until_all_three_are_approved_in_each_language():
    wording(Purpose.INTERVIEW, "ti")
    wording(Purpose.KEEP_NUMBER, "ti")
    wording(Purpose.RECONTACT, "ti", is_approved=False)

    missing = [(cell.purpose, cell.language) for cell in uncovered(["ti"])]

    assert missing == [(Purpose.RECONTACT, "ti")]
    assert len(uncovered(["ti", "ar"])) == 4


def test_languages_in_view_are_those_spoken_and_those_written():
    person(languages=("so",))
    person(languages=("ur",), is_active=False)
    wording(language="ti")

    assert languages_in_view(Wording.objects.all()) == ["ti", "so"]


def test_words_that_tests_lean_on_are_as_two_people_would_have_left_them():
    """The factory writes them in bulk: rows and trail are compared with what the two use cases leave."""
    made_at = factories.NOW - timedelta(days=30)
    factories.approve_wordings(("ar",), (Purpose.RECONTACT,))
    [quick] = Wording.objects.filter(language="ar")
    told = trail_of(quick)
    text = quick.text.replace("read out in ar", "read out in fr")

    slow = wordings.draft(
        purpose=Purpose.RECONTACT, language="fr", text=text, by=quick.drafted_by, now=made_at
    )
    wordings.approve(wording=slow, by=quick.approved_by, now=made_at)

    slow.refresh_from_db()
    other = {"id", "language", "text"}
    assert {f.attname: getattr(slow, f.attname) for f in slow._meta.fields if f.name not in other} == {
        f.attname: getattr(quick, f.attname) for f in quick._meta.fields if f.name not in other
    }
    assert [
        line | {"detail": line["detail"] | {"language": "fr"}} if line["detail"] else line for line in told
    ] == (trail_of(slow))


def trail_of(wording):
    known = AuditEvent.objects.filter(object_id=wording.pk).order_by("id")
    return list(
        known.values("at", "actor_id", "action", "object_type", "audit_ref", "reason", "outcome", "detail")
    )
