"""A change of keys: everything opens after it, whatever broke it off, and the old key is gone for good."""

import json
from datetime import timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from audit.actions import Action
from audit.models import AuditEvent
from kernel import clock
from kernel.errors import Conflict, DomainError
from tests.vault.conftest import NOON
from tests.vault.power_cut import PowerCut, cut
from vault import contents as keys
from vault import copies, epochs, opening, processes, providers, rotating, subject_keys
from vault.errors import KeyMissing, Locked
from vault.models import KekState, KekStatus, ProcessKeys, SubjectKey
from vault.primitives import fresh_key
from vault.providers import file
from vault.rotating import Run, Step, Wait
from vault.rotation import rewrapping, steps
from vault.rotation.alone import alone

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + timedelta(hours=20)
NUMBER = "+12025550123"


def rotate(**options):
    return rotating.rotate(Run(lambda: LATER, **options))


def state_of(kek_id):
    return epochs.states()[kek_id]


def wrapped_under():
    return {bytes(kek_id) for kek_id in SubjectKey.objects.values_list("kek_id", flat=True)}


def all_open():
    """Every key of every subject, unwrapped with what the provider holds now."""
    ring = providers.keyring(fresh=True)
    return {
        key.subject: ring.unwrap(
            bytes(key.kek_id), bytes(key.wrapped), subject=key.subject, generation=key.generation
        )
        for key in SubjectKey.objects.all()
    }


@pytest.fixture
def peopled(transactional_db):
    """Twenty subjects with keys, and what those keys are."""
    subject_keys.create([UUID(int=number) for number in range(20)], now=NOON)
    return all_open()


def test_everything_is_wrapped_under_a_new_key_and_the_old_one_is_gone_from_the_provider(peopled):
    old = providers.keyring().current

    done = rotate(batch=7)

    new = providers.keyring().current
    assert done.is_through
    assert new != old
    assert providers.keyring().kek_ids == {new}
    assert wrapped_under() == {new}
    assert all_open() == peopled
    assert (state_of(old), state_of(new)) == (KekStatus.DESTROYED, KekStatus.CURRENT)
    assert KekState.objects.get(kek_id=old).destroyed == LATER


def test_what_was_sealed_before_opens_after_two_changes_of_keys(new_card, permit_for):
    card = new_card(number=NUMBER, note="nine at the earliest")

    rotate()
    rotate()

    card.refresh_from_db()
    assert opening.open(card.number, permit=permit_for(card.number), now=NOON) == NUMBER
    assert opening.open(card.note, permit=permit_for(card.note), now=NOON) == "nine at the earliest"


def test_the_trail_tells_of_the_change_and_of_the_destruction_by_the_names_of_the_keys(peopled):
    old = providers.keyring().current

    rotate()

    new = providers.keyring().current
    told = (
        AuditEvent.objects.filter(object_type="epoch_key")
        .order_by("id")
        .values_list("action", "detail", "at")
    )
    assert list(told) == [
        (Action.KEYS_CHANGED, {"key": keys.shown(new)}, LATER),
        (Action.KEY_DESTROYED, {"key": keys.shown(old)}, LATER),
    ]


def test_nothing_is_done_when_nothing_was_begun_and_no_new_key_is_wanted(peopled):
    before = providers.keyring().current

    done = rotating.rotate(Run(lambda: LATER), wants_new=False)

    assert (done.steps, providers.keyring().current) == ((), before)


def test_keys_are_not_changed_while_the_vault_is_locked(peopled):
    file.lock()

    with pytest.raises(Locked):
        rotate()

    assert AuditEvent.objects.get(action=Action.KEY_CHANGE_FAILED).reason == "vault_locked"


# --- Broken off anywhere ----------------------------------------------------------------------------------------------

BREAKS = (
    (epochs, "announce", 1), (file, "replace", 1), (processes, "without_kek", 1), (file, "replace", 2),
    (epochs, "promote", 1), (rewrapping, "_write", 1), (rewrapping, "_write", 3), (copies, "make_and_prove", 1),
    (copies, "_written", 1), (copies, "_opened", 1), (file, "replace", 3), (epochs, "retire", 1),
    (copies, "remove_of", 1),
)  # fmt: skip
"""Where the power is cut, and at the how manieth call of it: every line that changes something."""


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_change_broken_off_anywhere_loses_nothing_and_the_next_run_finishes_it(
    peopled, monkeypatch, before
):
    for place, name, nth in BREAKS:
        where, old = f"{name}, call {nth}", providers.keyring().current
        with monkeypatch.context() as patch, pytest.raises(PowerCut):
            cut(patch, place, name, before=before, nth=nth)
            rotate(batch=7)
        file.forget()
        assert all_open() == peopled, where

        finished = rotating.rotate(Run(lambda: LATER, batch=7), wants_new=False)

        assert finished.is_through, where
        assert all_open() == peopled, where
        assert wrapped_under() == providers.keyring().kek_ids == {providers.keyring().current}, where
        assert KekStatus.COMING not in epochs.states().values(), where
        assert KekStatus.DECRYPT_ONLY not in epochs.states().values(), where
        if providers.keyring().current == old:
            # Broken off before there was a new key: it was forgotten, and the next change is a whole one.
            assert name == "announce" or nth == 1, where
            rotate()


@pytest.mark.parametrize(
    "failing", [copies._opened, copies._written, rewrapping._write], ids=lambda f: f.__name__
)
def test_a_failure_keeps_the_old_key_and_is_told_in_a_sentence_and_in_the_trail(
    peopled, monkeypatch, failing
):
    def full(*args, **named):
        raise OSError(28, "No space left on device")

    old = providers.keyring().current
    monkeypatch.setattr(__import__(failing.__module__, fromlist=["_"]), failing.__name__, full)

    with pytest.raises(CommandError) as refusal:
        call_command("vault_rotate", stdout=StringIO())

    assert "old key is kept" in str(refusal.value)
    assert old in providers.keyring(fresh=True).kek_ids
    assert AuditEvent.objects.filter(action=Action.KEY_CHANGE_FAILED).count() == 1
    assert all_open() == peopled


def test_the_same_failure_each_minute_is_told_to_the_trail_once_an_hour(peopled, monkeypatch):
    def unfit(*args, **named):
        raise copies.CopyUnfit

    monkeypatch.setattr(copies, "make_and_prove", unfit)
    for minute in (0, 1, 59, 61):
        with pytest.raises(DomainError):
            rotating.rotate(Run(lambda minute=minute: LATER + timedelta(minutes=minute)))

    assert AuditEvent.objects.filter(action=Action.KEY_CHANGE_FAILED).count() == 2


def test_a_run_without_time_goes_on_in_the_next(peopled):
    turns = iter([True, False, True, True, True, True])

    first = rotate(batch=5, keep=lambda: next(turns))
    under = wrapped_under()
    second = rotating.rotate(Run(lambda: LATER, batch=5), wants_new=False)

    assert (first.waits_for, len(under)) == (Wait.TIME, 2)
    assert second.is_through
    assert all_open() == peopled


# --- Who writes meanwhile ---------------------------------------------------------------------------------------------


def test_a_process_that_slept_through_the_change_reads_the_keys_anew_before_it_says_that_one_is_missing(
    new_card, permit_for, monkeypatch
):
    card = new_card(number=NUMBER)
    asleep, reads = providers.keyring(), []
    rotate()
    awake = file.keyring

    def slow(*, fresh=False):
        reads.append(fresh)
        return awake(fresh=True) if any(reads) else asleep

    monkeypatch.setattr(file, "keyring", slow)

    assert opening.open(card.number, permit=permit_for(card.number), now=NOON) == NUMBER
    assert reads == [False, True]


def test_a_process_that_slept_through_the_change_makes_new_keys_under_the_new_one(peopled, monkeypatch):
    asleep = providers.keyring()
    rotate()
    awake = file.keyring
    monkeypatch.setattr(file, "keyring", lambda *, fresh=False: awake(fresh=True) if fresh else asleep)

    subject_keys.create([uuid4()], now=LATER)

    assert wrapped_under() == {awake().current}


def test_a_process_that_cannot_read_the_new_keys_writes_nothing_under_a_retired_one(peopled, monkeypatch):
    asleep = providers.keyring()
    rotate()
    monkeypatch.setattr(file, "keyring", lambda *, fresh=False: asleep)

    with pytest.raises(KeyMissing):
        subject_keys.create([uuid4()], now=LATER)

    assert SubjectKey.objects.count() == len(peopled)


def test_rows_read_before_two_changes_are_read_again(new_card):
    from vault import deks

    card = new_card(note="the same")
    before = deks.load([card.respondent_id])
    rotate()
    rotate()

    assert (
        before.newest(card.respondent_id)[1] == deks.load([card.respondent_id]).newest(card.respondent_id)[1]
    )


def test_a_key_under_which_something_lies_is_never_marked_as_destroyed(peopled):
    old = providers.keyring().current
    epochs.announce(b"12345678", now=NOON)
    epochs.promote(b"12345678")

    assert not epochs.retire(old, now=LATER)
    assert state_of(old) == KekStatus.DECRYPT_ONLY


def test_nothing_is_wrapped_anew_or_destroyed_when_somebody_retires_the_current_key_in_the_database(peopled):
    KekState.objects.update(state=KekStatus.DECRYPT_ONLY)

    with pytest.raises(KeyMissing):
        rotate()

    assert all_open() == peopled
    assert len(providers.keyring().kek_ids) == 1


def test_a_key_that_still_wraps_is_not_destroyed_though_nothing_lies_under_it():
    epochs.announce(providers.keyring().current, now=NOON)
    KekState.objects.update(state=KekStatus.DECRYPT_ONLY)

    with pytest.raises(Conflict):
        rotate()

    assert len(providers.keyring(fresh=True).kek_ids) == 1


def test_whether_a_key_may_wrap_is_asked_inside_the_transaction_that_writes():
    with pytest.raises(RuntimeError):
        epochs.may_wrap(providers.keyring().current, now=NOON)


# --- Processes --------------------------------------------------------------------------------------------------------


def hears(**changes):
    ring = providers.keyring()
    told = {
        "kek_ids": [kek_id.hex() for kek_id in ring.kek_ids],
        "index_key_ids": [1],
        "heartbeat": clock.wall(),
    }
    return ProcessKeys.objects.create(**(told | changes))


def test_nothing_is_wrapped_under_a_new_key_before_every_live_process_has_it(peopled):
    process, old = hears(), providers.keyring().current

    first = rotate()
    under = wrapped_under()
    process.kek_ids = [kek_id.hex() for kek_id in providers.keyring(fresh=True).kek_ids]
    process.save(update_fields=["kek_ids"])
    second = rotating.rotate(Run(lambda: LATER), wants_new=False)

    assert (first.waits_for, first.steps, under) == (Wait.PROCESSES, (Step.ADD, Step.SWITCH), {old})
    assert second.is_through
    assert old not in providers.keyring().kek_ids


def test_a_process_that_ended_without_a_word_holds_nothing_up(peopled):
    hears(heartbeat=clock.wall() - timedelta(seconds=processes.LIVE_SECONDS + 1))

    assert rotate().is_through


def test_after_its_patience_a_command_says_how_many_processes_it_waits_for(peopled, monkeypatch):
    monkeypatch.setattr(steps, "POLL_SECONDS", 0.01)
    hears()

    with pytest.raises(DomainError) as refusal:
        rotate(patience_seconds=0.05)

    assert refusal.value.code == "rotation_waits"
    assert "1 running processes" in str(refusal.value)


# --- One at a time ----------------------------------------------------------------------------------------------------


def test_two_changes_at_once_are_one():
    from concurrent.futures import ThreadPoolExecutor

    def second():
        try:
            rotate()
        finally:
            connections.close_all()

    with alone(), ThreadPoolExecutor(1) as other:
        refusal = other.submit(second).exception(timeout=20)

    assert isinstance(refusal, Conflict)
    assert not AuditEvent.objects.filter(action=Action.KEY_CHANGE_FAILED).exists()


# --- What is found there ----------------------------------------------------------------------------------------------


def test_a_destroyed_key_that_comes_back_with_an_old_key_file_is_destroyed_again(peopled):
    old = file.contents()
    rotate()
    now_there = file.contents()
    file.replace(keys.with_kek(now_there, old.keks[old.current]))

    done = rotating.rotate(Run(lambda: LATER), wants_new=False)

    assert done.steps == (Step.DROP,)
    assert file.contents().keks.keys() == now_there.keks.keys()


def test_an_old_key_file_alone_stops_the_change_with_a_sentence_and_destroys_nothing(peopled):
    old = file.contents()
    rotate()
    file.replace(old)

    with pytest.raises(DomainError) as refusal:
        rotate()

    assert refusal.value.code == "vault_key_lost"
    assert file.contents().keks.keys() == old.keks.keys()


def test_a_key_that_was_put_there_by_hand_is_taken_on(peopled):
    kek = fresh_key()
    grown = keys.with_kek(file.contents(), kek)
    [new] = grown.keks.keys() - file.contents().keks.keys()
    file.replace(keys.promoted(grown, new))

    done = rotating.rotate(Run(lambda: LATER), wants_new=False)

    assert done.steps == (Step.ANNOUNCE, Step.PROMOTE, Step.REWRAP, Step.FINISH)
    assert wrapped_under() == {new}
    assert file.contents().keks.keys() == {new}


def test_a_key_in_the_file_that_this_vault_never_heard_of_is_left_alone(peopled):
    stranger = fresh_key()
    file.replace(keys.with_kek(file.contents(), stranger))

    rotate()

    assert stranger in file.contents().keks.values()
    assert all_open() == peopled


def test_a_key_that_was_tampered_with_keeps_the_old_one_and_says_so(peopled):
    SubjectKey.objects.filter(subject=UUID(int=3)).update(wrapped=bytes(70))

    with pytest.raises(DomainError) as refusal:
        rotate(batch=4)

    assert refusal.value.code == "vault_integrity"
    assert len(providers.keyring(fresh=True).kek_ids) == 2
    assert SubjectKey.objects.filter(kek_id=providers.keyring().current).count() == len(peopled) - 1


# --- The copy ---------------------------------------------------------------------------------------------------------


def test_the_copy_that_was_proven_stays_in_the_folder_that_is_named_and_the_one_before_it_goes(
    peopled, settings, tmp_path
):
    settings.VAULT_COPY_DIR = str(tmp_path / "copies")
    (tmp_path / "copies").mkdir()

    rotate()
    first = list((tmp_path / "copies").iterdir())
    rotate()

    second = list((tmp_path / "copies").iterdir())
    assert [path.stem for path in second] == [f"vault-{providers.keyring().current.hex()}"]
    assert len(first) == 1 and first != second
    assert oct(second[0].stat().st_mode & 0o777) == "0o600"


def test_a_copy_with_a_key_that_does_not_open_is_found_out(peopled, tmp_path):
    ring = providers.keyring()
    SubjectKey.objects.filter(subject=UUID(int=4)).update(wrapped=bytes(70))

    with pytest.raises(copies.CopyUnfit):
        copies.make_and_prove(current=ring.current, leaving=b"notthere")


def test_a_copy_that_still_needs_the_key_that_is_to_go_is_found_out(peopled):
    current = providers.keyring().current

    with pytest.raises(copies.CopyUnfit):
        copies.make_and_prove(current=current, leaving=current)


# --- The command ------------------------------------------------------------------------------------------------------


def test_the_command_says_what_it_does_and_how_far_it_is(peopled):
    out = StringIO()

    call_command("vault_rotate", batch=10, stdout=out)

    assert "20 of 20" in out.getvalue()
    assert out.getvalue().endswith("The keys are changed. What was erased before is final now.\n")


def test_the_command_says_it_to_a_program(peopled):
    out = StringIO()

    call_command("vault_rotate", json=True, stdout=out)

    assert json.loads(out.getvalue()) == {
        "through": True, "steps": ["add", "switch", "rewrap", "finish"], "waits_for": None,
    }  # fmt: skip
