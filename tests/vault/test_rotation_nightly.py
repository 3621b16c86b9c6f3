"""Keys change by schedule: each night, or when the machine is on again; and nothing happens where it may not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connections

from audit.actions import Action
from audit.models import AuditEvent
from config import readiness
from kernel import clock
from kernel.errors import DomainError
from vault import contents as keys
from vault import providers, rotating, subject_keys
from vault.models import ProcessKeys
from vault.primitives import fresh_key
from vault.providers import file
from vault.rotation import nightly
from vault.rotation.alone import alone

pytestmark = pytest.mark.django_db(transaction=True)

EVENING = datetime(2026, 3, 9, 21, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)


@pytest.fixture
def at():
    with time_machine.travel(EVENING, tick=False) as traveller:
        subject_keys.create([UUID(int=1)], now=EVENING)
        yield traveller.move_to


def changed():
    return AuditEvent.objects.filter(action=Action.KEY_DESTROYED).count()


def test_in_the_evening_nothing_is_done_and_in_the_morning_it_is_caught_up(at):
    nightly.change_keys()
    before = changed()
    at(MORNING)

    said = nightly.change_keys()

    assert (before, changed(), said) == (0, 1, {"waits_for": "nothing"})


def test_a_night_with_a_clock_far_ahead_does_not_stop_changes_once_it_is_right_again(at):
    at(MORNING + timedelta(days=3650))
    nightly.change_keys()
    at(MORNING)

    nightly.change_keys()

    assert changed() == 2
    assert not rotating.is_due(MORNING)


def test_once_a_night_is_enough(at):
    at(MORNING)
    nightly.change_keys()
    at(MORNING + timedelta(minutes=1))
    nightly.change_keys()
    at(MORNING + timedelta(days=1))
    nightly.change_keys()

    assert changed() == 2


def test_a_change_that_was_begun_goes_on_a_minute_later_although_none_is_due(at):
    process = ProcessKeys.objects.create(kek_ids=[], index_key_ids=[], heartbeat=MORNING)
    at(MORNING)
    first = nightly.change_keys()
    process.delete()
    at(MORNING + timedelta(minutes=1))

    second = nightly.change_keys()

    assert (first, second) == ({"waits_for": "processes"}, {"waits_for": "nothing"})
    assert changed() == 1


def test_nothing_is_done_while_the_vault_is_locked(at):
    at(MORNING)
    file.lock()

    assert nightly.change_keys() == {}
    assert not AuditEvent.objects.filter(action=Action.KEY_CHANGE_FAILED).exists()


def test_nothing_is_done_while_somebody_else_changes_keys(at):
    at(MORNING)

    def change_keys():
        try:
            return nightly.change_keys()
        finally:
            connections.close_all()

    with alone(), ThreadPoolExecutor(1) as other:
        assert other.submit(change_keys).result(timeout=60) == {"waits_for": "somebody else"}


@pytest.fixture
def by_hand(monkeypatch):
    def refuse(*args):
        raise DomainError("keys_read_only", "These keys can be changed by hand only.")

    monkeypatch.setattr(file, "contents", refuse)
    monkeypatch.setattr(file, "replace", refuse)


def test_where_keys_are_changed_by_hand_nothing_is_done_and_the_readiness_page_says_so(at, by_hand):
    at(MORNING)
    before = providers.keyring().current

    said = nightly.change_keys()

    assert (said, providers.keyring(fresh=True).current) == ({}, before)
    assert (
        readiness.change_of_keys().sentence == "keys: changed by hand only, with manage.py vault_rotate; due"
    )


def test_the_readiness_page_says_when_keys_are_due(at):
    evening = readiness.change_of_keys().sentence
    at(MORNING)
    morning = readiness.change_of_keys().sentence

    assert evening == "keys: changed as they should be"
    assert morning.startswith("keys: due for a change")


def test_where_keys_are_changed_by_hand_nobody_is_told_a_day_on_which_an_erasure_is_final(at, by_hand):
    assert rotating.expected_by(EVENING) is None
    assert rotating.finality_of(EVENING) == rotating.Finality(None, None)


def test_a_new_key_put_into_a_place_that_cannot_be_written_to_wraps_everything_and_the_old_one_is_left_to_a_person(
    at, monkeypatch
):
    old = file.contents()
    grown = keys.with_kek(old, fresh_key())
    [new] = grown.keks.keys() - old.keks.keys()
    file.replace(keys.promoted(grown, new))
    with monkeypatch.context() as patch:
        patch.setattr(file, "contents", _read_only)
        with pytest.raises(DomainError) as refusal:
            rotating.rotate(rotating.Run(clock.now), wants_new=False)
    file.replace(keys.without_kek(file.contents(), old.current))

    done = rotating.rotate(rotating.Run(clock.now), wants_new=False)

    assert refusal.value.code == "keys_read_only"
    assert done.steps == (rotating.Step.FINISH,)
    assert changed() == 1


def _read_only():
    raise DomainError("keys_read_only", "Take the old key away by hand.")
