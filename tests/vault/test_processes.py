"""Who is alive and has which keys: told by a thread of each process, and never by a request."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError

from tests.vault.conftest import NOON
from vault import contents as keys
from vault import processes, providers
from vault.models import ProcessKeys
from vault.primitives import fresh_key
from vault.processes import LIVE_SECONDS, Loaded
from vault.providers import file

KEK, OTHER = b"12345678", b"87654321"


def live(seconds_ago=0, keks=(KEK,), index=(1,)):
    at = NOON - timedelta(seconds=seconds_ago)
    processes.tell(uuid4(), Loaded(frozenset(keks), frozenset(index)), now=at)


def test_a_process_tells_of_its_keys_by_name_and_again_in_the_same_row(db):
    me = uuid4()

    processes.tell(me, Loaded(frozenset({KEK}), frozenset({1})), now=NOON)
    processes.tell(me, Loaded(frozenset({KEK, OTHER}), frozenset({1, 2})), now=NOON + timedelta(seconds=20))

    told = ProcessKeys.objects.get()
    assert (told.process, told.kek_ids, told.index_key_ids) == (me, [KEK.hex(), OTHER.hex()], [1, 2])
    assert told.heartbeat == NOON + timedelta(seconds=20)


def test_live_processes_without_a_key_are_counted(db):
    live()
    live(keks=(OTHER,), index=(2,))
    live(keks=(), index=())

    assert processes.without_kek(KEK, now=NOON) == 2
    assert processes.without_index_key(1, now=NOON) == 2


@pytest.mark.parametrize(("seconds_ago", "missing"), [(LIVE_SECONDS - 1, 1), (LIVE_SECONDS, 0)])
def test_a_process_that_was_silent_for_two_minutes_is_not_waited_for(db, seconds_ago, missing):
    live(seconds_ago, keks=())

    assert processes.without_kek(KEK, now=NOON) == missing


def test_what_was_told_by_processes_that_ended_long_ago_is_forgotten(db):
    live(processes.FORGET_SECONDS + 1)
    live()

    processes.forget_the_dead(now=NOON)

    assert ProcessKeys.objects.count() == 1


def test_what_is_told_are_names_and_never_keys(db):
    loaded = processes.loaded_by(providers.keyring())

    processes.tell(uuid4(), loaded, now=NOON)

    assert ProcessKeys.objects.get().kek_ids == [providers.keyring().current.hex()]


def test_using_a_key_asks_no_database(db, django_assert_num_queries):
    with django_assert_num_queries(0, using="vault"), django_assert_num_queries(0):
        providers.keyring()


def test_one_thread_a_process_is_begun_at_the_first_use_of_a_key(settings, monkeypatch):
    settings.VAULT_HEARTBEAT, begun = True, []
    monkeypatch.setattr(processes, "_attending", {})
    monkeypatch.setattr(processes, "_keep_telling", begun.append)
    monkeypatch.setattr(processes.atexit, "register", lambda *args: None)

    providers.keyring()
    providers.keyring()
    _wait_for_threads()

    assert len(begun) == 1


def test_a_forked_process_is_another_one(settings, monkeypatch):
    settings.VAULT_HEARTBEAT, begun = True, []
    monkeypatch.setattr(processes, "_attending", {1: uuid4()})
    monkeypatch.setattr(processes, "_keep_telling", begun.append)
    monkeypatch.setattr(processes.atexit, "register", lambda *args: None)

    providers.keyring()
    _wait_for_threads()

    assert len(begun) == 1


def _wait_for_threads():
    for thread in threading.enumerate():
        if thread.name == "vault-keys":
            thread.join(5)


@pytest.mark.django_db(transaction=True)
def test_the_thread_tells_at_once_of_a_key_that_is_new_and_then_every_twenty_seconds(monkeypatch):
    told, looks = [], []

    def tell(me, loaded):
        told.append((len(looks), len(loaded.kek_ids)))
        return True

    def sleep(seconds):
        looks.append(seconds)
        if len(looks) == 2:
            file.replace(keys.with_kek(file.contents(), fresh_key()))
        if len(looks) == 7:
            raise StopIteration

    monkeypatch.setattr(processes, "_tell", tell)
    monkeypatch.setattr(processes.time, "sleep", sleep)
    monkeypatch.setattr(processes.time, "monotonic", lambda: 100.0 + 5 * len(looks))
    with pytest.raises(StopIteration):
        processes._keep_telling(uuid4())

    assert told == [(0, 1), (2, 2), (6, 2)]


def test_a_locked_vault_is_told_as_no_keys(db):
    file.lock()

    assert processes._what_is_loaded() == processes.NOTHING


def test_a_database_that_does_not_answer_stops_nobody(monkeypatch):
    def away(*args, **named):
        raise DatabaseError

    monkeypatch.setattr(processes, "tell", away)

    assert processes._tell(uuid4(), processes.NOTHING) is False
