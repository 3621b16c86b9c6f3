"""Opening needs a permit for the very handle, and fails closed."""

import json
import os
from dataclasses import FrozenInstanceError
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.actions import Action
from audit.models import AuditEvent
from tests.vault.conftest import CALLER, NOON
from tests.vault.testapp.models import Card
from vault import opening, subject_keys
from vault.errors import KeyMissing, Locked, PermitRefused, Shredded, Tampered
from vault.models import SubjectKey
from vault.permits import Permit
from vault.providers import file, keyring
from vault.sealing import seal_into

NUMBER = "+12025550123"


def alerts():
    return [event.reason for event in AuditEvent.objects.filter(action=Action.VAULT_ALERT)]


def test_a_permit_opens_its_handle(new_card, permit_for):
    new_card(number=NUMBER, note="Ask for خالد")
    card = Card.objects.get()

    assert opening.open(card.number, permit=permit_for(card.number), now=NOON) == NUMBER
    assert opening.open(card.note, permit=permit_for(card.note), now=NOON) == "Ask for خالد"


@pytest.mark.parametrize("change", [{"row": uuid4()}, {"subject": uuid4()}, {"label": "card.note"}, {"actor": uuid4()},
                                    {"actor": None}, {"audit_event_id": 0}])  # fmt: skip
def test_a_permit_opens_nothing_else(change, new_card, permit_for):
    card = new_card(number=NUMBER)

    with pytest.raises(PermitRefused):
        opening.open(card.number, permit=permit_for(card.number, **change), now=NOON)


@pytest.mark.parametrize("seconds", [-1, 60, 61, 86_400])
def test_a_permit_opens_nothing_before_its_issue_or_after_its_minute(seconds, new_card, permit_for):
    card = new_card(number=NUMBER)

    with pytest.raises(PermitRefused):
        opening.open(card.number, permit=permit_for(card.number), now=NOON + timedelta(seconds=seconds))


@given(st.integers(min_value=60), st.integers(min_value=60, max_value=10**9))
def test_a_permit_never_lasts_longer_than_a_minute(valid_seconds, later_seconds):
    permit = Permit(CALLER, CALLER, "phone.e164", "recontact", CALLER, NOON, 1, valid_seconds)

    assert not permit.covers(
        subject=CALLER, row=CALLER, label="phone.e164", now=NOON + timedelta(seconds=later_seconds)
    )


def test_a_permit_cannot_be_changed(permit_for, new_card):
    permit = permit_for(new_card(number=NUMBER).number)

    with pytest.raises(FrozenInstanceError):
        permit.row = uuid4()


@pytest.mark.parametrize("missing", [None, True, "permit"])
def test_nothing_opens_without_a_permit(missing, new_card):
    with pytest.raises(TypeError):
        opening.open(new_card(number=NUMBER).number, permit=missing, now=NOON)


@pytest.mark.parametrize("column", [NUMBER.encode(), b"", b"R\x01" + b"\x00" * 64])
def test_a_text_put_into_the_column_is_not_returned_and_raises_an_alert(
    column, new_card, permit_for, raw, caplog
):
    new_card(number=NUMBER)
    raw.execute("UPDATE testapp_card SET number = %s", [column])
    card = Card.objects.get()

    with pytest.raises(Tampered) as failure:
        opening.open(card.number, permit=permit_for(card.number), now=NOON)

    assert NUMBER not in str(failure.value)
    assert NUMBER not in caplog.text
    assert alerts() == ["vault_integrity"]


def test_a_number_moved_to_another_row_does_not_open(new_card, permit_for, raw):
    subject = uuid4()
    new_card(number=NUMBER, subject=subject)
    other = new_card(subject=subject)
    raw.execute("UPDATE testapp_card SET number = (SELECT number FROM testapp_card WHERE number IS NOT NULL)")
    other.refresh_from_db()

    with pytest.raises(Tampered):
        opening.open(other.number, permit=permit_for(other.number), now=NOON)

    assert alerts() == ["vault_integrity"]


def test_a_number_moved_to_another_column_does_not_open(new_card, permit_for, raw):
    new_card(number=NUMBER)
    raw.execute("UPDATE testapp_card SET note = number")
    card = Card.objects.get()

    with pytest.raises(Tampered):
        opening.open(card.note, permit=permit_for(card.note), now=NOON)


def test_a_number_moved_to_another_subject_does_not_open(new_card, permit_for):
    new_card(number=NUMBER)
    other = new_card()
    Card.objects.filter(number__isnull=False).update(respondent_id=other.respondent_id)
    card = Card.objects.get(number__isnull=False)

    with pytest.raises(Tampered):
        opening.open(card.number, permit=permit_for(card.number), now=NOON)


def test_a_wrapped_key_given_to_another_subject_does_not_open(new_card, permit_for):
    card, other = new_card(number=NUMBER), new_card(number="+12025550124")
    stolen = SubjectKey.objects.get(subject=card.respondent_id).wrapped
    SubjectKey.objects.filter(subject=other.respondent_id).update(wrapped=stolen)

    with pytest.raises(Tampered):
        opening.open(other.number, permit=permit_for(other.number), now=NOON)


def test_a_shredded_number_is_gone(new_card, permit_for):
    card = new_card(number=NUMBER)
    subject_keys.shred(card.respondent_id, now=NOON)

    with pytest.raises(Shredded) as gone:
        opening.open(card.number, permit=permit_for(card.number), now=NOON)

    assert gone.value.status == 410
    assert alerts() == []


def test_a_number_whose_epoch_key_is_missing_does_not_open_and_raises_an_alert(
    new_card, permit_for, key_file
):
    card = new_card(number=NUMBER)
    key_file.unlink()
    file.create(key_file)
    file.forget()

    with pytest.raises(KeyMissing) as failure:
        opening.open(card.number, permit=permit_for(card.number), now=NOON)

    assert failure.value.status == 503
    assert alerts() == ["vault_key_missing"]


def test_nothing_opens_while_the_vault_is_locked(new_card, permit_for):
    card = new_card(number=NUMBER)
    file.lock()

    with pytest.raises(Locked):
        opening.open(card.number, permit=permit_for(card.number), now=NOON)

    file.unlock()
    assert opening.open(card.number, permit=permit_for(card.number), now=NOON) == NUMBER


def test_a_later_generation_seals_and_an_earlier_one_still_opens(new_card, permit_for, key_file):
    card, ring = new_card(number=NUMBER), keyring()
    _, wrapped = ring.wrap(os.urandom(32), subject=card.respondent_id, generation=2)
    SubjectKey.objects.create(
        subject=card.respondent_id, generation=2, kek_id=ring.current, wrapped=wrapped, created=NOON
    )

    seal_into(card, "note", "sealed later")

    assert opening.open(card.note, permit=permit_for(card.note), now=NOON) == "sealed later"
    assert opening.open(card.number, permit=permit_for(card.number), now=NOON) == NUMBER


def test_neither_log_nor_trail_nor_error_ever_shows_the_number(new_card, permit_for, raw, caplog):
    new_card(number=NUMBER)
    raw.execute("UPDATE testapp_card SET number = %s", [NUMBER.encode()])
    card = Card.objects.get()

    with pytest.raises(Tampered) as failure:
        opening.open(card.number, permit=permit_for(card.number), now=NOON)

    trail = json.dumps(list(AuditEvent.objects.values("detail", "reason", "object_type")))
    assert "5550123" not in caplog.text + trail + repr(failure.value) + str(failure.value)
