"""Writing to the ledger."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from audit.actions import Action
from audit.models import AuditEvent
from consent import recording
from consent.folding import Decision
from consent.models import LedgerEntry
from consent.purposes import RULES, Purpose
from kernel.errors import DomainError
from tests.consent.words import NOON, said, wording

pytestmark = pytest.mark.django_db

SOMEBODY = uuid4()


def record(one, *, now=NOON):
    return recording.record(respondent_id=SOMEBODY, audit_ref=None, said=one, by=None, now=now)


def test_a_grant_keeps_the_exact_wording_and_an_end():
    words = wording()

    line = record(said(wording=words))

    assert line.wording == words
    assert line.expires_at == NOON + timedelta(days=RULES[Purpose.RECONTACT].valid_days)


def test_a_grant_lasts_from_when_it_was_said_and_not_from_when_it_arrived():
    line = record(said(wording=wording(), at=NOON - timedelta(days=30)))

    assert line.expires_at == NOON + timedelta(days=335)


def test_a_clock_that_runs_ahead_does_not_lengthen_a_grant():
    line = record(said(wording=wording(), at=NOON + timedelta(days=3)))

    assert (line.at, line.expires_at) == (NOON, NOON + timedelta(days=365))


def test_a_no_needs_no_wording_and_has_no_end():
    line = record(said(Decision.WITHDRAWN))

    assert (line.wording, line.expires_at) == (None, None)


@pytest.mark.parametrize("words", [{"is_approved": False}, None], ids=["a draft", "no words"])
def test_a_yes_to_words_nobody_approved_is_not_recorded(words):
    draft = wording(**words) if words else None

    with pytest.raises(DomainError) as refusal:
        record(said(wording=draft))

    assert refusal.value.code == "wording_not_approved"
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("other", [{"purpose": Purpose.MESSAGE}, {"language": "ar"}])
def test_a_yes_to_other_words_is_not_recorded(other):
    with pytest.raises(DomainError) as refusal:
        record(said(wording=wording(**other)))

    assert refusal.value.code == "wording_of_other_purpose"


def test_each_decision_leaves_its_own_event():
    words = wording()

    recording.record_all(
        respondent_id=SOMEBODY,
        audit_ref=None,
        said=(said(wording=words), said(Decision.REFUSED, Purpose.MESSAGE)),
        by=None,
        now=NOON,
    )

    actions = AuditEvent.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == [Action.CONSENT_GRANTED, Action.CONSENT_REFUSED]


def test_one_bad_answer_among_several_records_none():
    with pytest.raises(DomainError):
        recording.record_all(
            respondent_id=SOMEBODY,
            audit_ref=None,
            said=(said(Decision.REFUSED, Purpose.MESSAGE), said(wording=None)),
            by=None,
            now=NOON,
        )

    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE consent_ledgerentry SET decision = 'granted'", "DELETE FROM consent_ledgerentry"],
)
def test_a_line_of_the_ledger_is_never_changed_or_deleted(statement):
    record(said(Decision.WITHDRAWN))

    with pytest.raises(DatabaseError, match="append-only|permission denied"), transaction.atomic():
        connection.cursor().execute(statement)

    assert LedgerEntry.objects.get().decision == Decision.WITHDRAWN
