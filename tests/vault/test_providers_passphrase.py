"""Keys behind a passphrase: open for a working day, in memory only, and locked again by themselves."""

import json
import multiprocessing
import os
import shutil
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core import checks
from django.core.management import CommandError, call_command

from audit.actions import Action
from audit.models import AuditEvent
from kernel.errors import Conflict, DomainError
from tests.vault.conftest import NOON
from tests.vault.typing_in import GOOD, OTHER, descriptor
from vault import contents, passphrases
from vault.contents import Contents
from vault.errors import Locked, VaultError
from vault.passphrases import WrongPassphrase
from vault.providers import keyring, passphrase, placing, private_files, unlocked

IN_MEMORY = Path("/dev/shm")  # noqa: S108

pytestmark = [
    pytest.mark.skipif(not IN_MEMORY.is_dir(), reason="there is no /dev/shm on this machine"),
    pytest.mark.either,
]


@pytest.fixture(scope="module")
def sealed_once(tmp_path_factory) -> bytes:
    """Argon2id takes its time: one key file for all tests here."""
    target = tmp_path_factory.mktemp("once", numbered=True) / "keys" / "vault.sealed"
    passphrase.create(target, GOOD)
    return target.read_bytes()


@pytest.fixture(autouse=True)
def sealed_file(settings, tmp_path, monkeypatch, sealed_once):
    """A sealed key file of this test alone, and a folder in memory for what is unlocked."""
    folder = IN_MEMORY / f"recontact-test-{uuid4()}"
    settings.VAULT_KEY_PROVIDER = "passphrase"
    settings.VAULT_KEY_FILE = str(tmp_path / "sealed" / "vault.sealed")
    settings.VAULT_UNLOCKED_DIR = str(folder)
    monkeypatch.setattr(placing, "SWAPS", tmp_path / "no swap here")
    private_files.create(passphrase.path(), sealed_once)
    yield passphrase.path()
    shutil.rmtree(folder, ignore_errors=True)


def found():
    return {message.id for message in checks.run_checks(tags=["vault"])}


def unlocked_files() -> list[Path]:
    return sorted(unlocked.folder().iterdir()) if unlocked.folder().exists() else []


# --- Unlocking --------------------------------------------------------------------------------------------------------


def test_before_anybody_unlocks_it_the_vault_is_locked():
    with pytest.raises(Locked):
        keyring()
    assert passphrase.is_locked()


def test_the_passphrase_opens_the_vault_for_this_process_and_for_others():
    passphrase.unlock(GOOD)

    here = keyring().kek_ids
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(kek_ids) == here


def kek_ids() -> frozenset[bytes]:
    return keyring().kek_ids


def test_neither_the_key_file_nor_its_folder_ever_holds_the_keys_in_clear(sealed_file):
    passphrase.unlock(GOOD)

    stored = b"".join(path.read_bytes() for path in sealed_file.parent.iterdir())

    assert b"keys" not in stored
    assert all(key not in stored for key in passphrase.contents().keks.values())


def test_what_is_unlocked_is_private_and_in_memory():
    passphrase.unlock(GOOD)

    (file,) = unlocked_files()

    assert file.stat().st_mode & 0o777 == 0o400
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_wrong_passphrase_opens_nothing_and_leaves_nothing_behind():
    with pytest.raises(WrongPassphrase):
        passphrase.unlock(OTHER)

    assert unlocked_files() == []
    with pytest.raises(Locked):
        keyring()


def test_a_wrong_passphrase_does_not_take_the_lock_away(sealed_file):
    passphrase.lock()

    with pytest.raises(WrongPassphrase):
        passphrase.unlock(OTHER)

    assert sealed_file.with_name("vault.sealed.locked").exists()


def test_a_truncated_key_file_is_not_unlocked(sealed_file):
    content = sealed_file.read_bytes()
    sealed_file.chmod(0o600)
    sealed_file.write_bytes(content[:20])

    with pytest.raises(VaultError):
        passphrase.unlock(GOOD)


def test_a_folder_on_a_disk_is_refused_before_any_key_is_written(settings, tmp_path):
    settings.VAULT_UNLOCKED_DIR = str(tmp_path / "on disk")

    with pytest.raises(DomainError) as refusal:
        passphrase.unlock(GOOD)

    assert refusal.value.code == "unlocked_folder_on_disk"
    assert not (tmp_path / "on disk").exists()
    assert found() == {"vault.E011"}


def test_a_link_into_memory_is_refused_too(settings, tmp_path):
    (tmp_path / "link").symlink_to(IN_MEMORY)
    settings.VAULT_UNLOCKED_DIR = str(tmp_path / "link")

    with pytest.raises(DomainError):
        passphrase.unlock(GOOD)


def test_a_folder_that_others_made_ready_is_refused():
    unlocked.folder().mkdir(mode=0o755)

    with pytest.raises(DomainError) as refusal:
        passphrase.unlock(GOOD)

    assert refusal.value.code == "key_folder_open"
    assert found() == {"vault.E011"}


@pytest.mark.parametrize(
    ("folder", "expected"),
    [("/run/recontact", True), ("/run/disk/recontact", False), ("/srv/x", False), ("/run/with blank", True)],
)
def test_the_innermost_mount_decides_whether_a_folder_is_in_memory(folder, expected):
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n/dev/sdb1 /run/disk ext4 rw 0 0\n"
        "tmpfs /run/with\\040blank tmpfs rw 0 0\n"
    )

    assert unlocked.is_in_memory(Path(folder), mounts) is expected


def test_without_a_list_of_mounts_nothing_is_taken_to_be_in_memory():
    assert not unlocked.is_in_memory(IN_MEMORY, "")


# --- Locking ----------------------------------------------------------------------------------------------------------


def test_locking_takes_the_unlocked_keys_out_of_memory_at_once():
    passphrase.unlock(GOOD)
    (file,) = unlocked_files()
    name = file.with_name("another name")
    os.link(file, name)
    keyring()

    passphrase.lock()

    with pytest.raises(Locked):
        keyring()
    assert set(name.read_bytes()) == {0}
    assert unlocked_files() == [name]


def test_a_working_day_later_the_vault_locks_by_itself_and_clears_up(settings):
    settings.VAULT_AUTO_LOCK_MINUTES = 720
    with time_machine.travel(NOON, tick=False) as clock:
        passphrase.unlock(GOOD)
        clock.shift(timedelta(minutes=719))
        assert keyring().kek_ids

        clock.shift(timedelta(minutes=1))
        with pytest.raises(Locked):
            keyring()

    assert unlocked_files() == []


def test_an_unlocking_that_is_over_is_refused_by_a_process_that_never_looked_before():
    with time_machine.travel(NOON, tick=False):
        passphrase.unlock(GOOD)
        (file,) = unlocked_files()
        kept = file.read_bytes()
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        private_files.replace(file, kept)
        passphrase.forget()
        with pytest.raises(Locked):
            keyring()


def test_a_clock_set_back_behind_the_unlocking_locks():
    with time_machine.travel(NOON, tick=False) as clock:
        passphrase.unlock(GOOD)
        keyring()
        clock.shift(timedelta(hours=-1))

        with pytest.raises(Locked):
            keyring()


def test_a_restarted_machine_is_locked(sealed_file):
    passphrase.unlock(GOOD)
    keyring()

    shutil.rmtree(unlocked.folder())
    passphrase.forget()

    with pytest.raises(Locked):
        keyring()


def test_an_unlocking_of_another_form_is_unfit():
    passphrase.unlock(GOOD)
    (file,) = unlocked_files()
    private_files.replace(file, json.dumps({"since": "today"}).encode())

    with pytest.raises(VaultError):
        keyring(fresh=True)


# --- Rotation ---------------------------------------------------------------------------------------------------------


def grown() -> Contents:
    return contents.with_kek(passphrase.contents(), bytes(range(32)))


def test_keys_are_replaced_without_asking_for_the_passphrase_again(sealed_file):
    passphrase.unlock(GOOD)
    new = grown()

    passphrase.replace(new)
    assert keyring().kek_ids == frozenset(new.keks)

    passphrase.lock()
    passphrase.unlock(GOOD)
    assert passphrase.contents() == new


def test_replacing_keys_does_not_lengthen_the_working_day(settings):
    with time_machine.travel(NOON, tick=False) as clock:
        passphrase.unlock(GOOD)
        clock.shift(timedelta(minutes=settings.VAULT_AUTO_LOCK_MINUTES - 1))
        passphrase.replace(grown())
        clock.shift(timedelta(minutes=1))

        with pytest.raises(Locked):
            keyring()


def test_nothing_is_replaced_in_a_key_file_that_was_exchanged_meanwhile(sealed_file):
    passphrase.unlock(GOOD)
    new = grown()
    sealed_file.unlink()
    passphrase.create(sealed_file, OTHER)
    before = sealed_file.read_bytes()

    with pytest.raises(Conflict):
        passphrase.replace(new)

    assert sealed_file.read_bytes() == before


def test_after_a_crash_between_file_and_memory_the_processes_go_on_with_keys_that_fit(monkeypatch):
    passphrase.unlock(GOOD)
    before, new = passphrase.contents(), grown()

    def crash(found: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(unlocked, "write", crash)
        with pytest.raises(KeyboardInterrupt):
            passphrase.replace(new)
    assert keyring(fresh=True).kek_ids == frozenset(before.keks)

    passphrase.replace(new)
    assert keyring().kek_ids == frozenset(new.keks)


def test_nothing_is_replaced_while_locked(sealed_file):
    before = sealed_file.read_bytes()

    with pytest.raises(Locked):
        passphrase.replace(contents.fresh())

    assert sealed_file.read_bytes() == before


def test_destroying_takes_away_the_sealed_file_and_the_unlocked_one(sealed_file):
    passphrase.unlock(GOOD)

    assert passphrase.destroy() is True

    assert not sealed_file.exists()
    assert unlocked_files() == []
    with pytest.raises(Locked):
        passphrase.unlock(GOOD)


# --- Checks and commands ----------------------------------------------------------------------------------------------


def test_a_sealed_key_file_in_order_passes_every_check():
    assert found() == set()


def test_a_machine_that_swaps_to_a_disk_is_warned_of(monkeypatch, tmp_path):
    swaps = tmp_path / "swaps"
    monkeypatch.setattr(placing, "SWAPS", swaps)
    swaps.write_text("Filename Type Size\n/dev/zram0 partition 100\n")
    assert found() == set()

    swaps.write_text("Filename Type Size\n/dev/sda2 partition 100\n")
    assert found() == {"vault.W004"}


def test_a_vault_that_would_lock_at_once_is_refused(settings):
    settings.VAULT_AUTO_LOCK_MINUTES = 0

    assert found() == {"vault.E016"}


def test_the_commands_make_unlock_and_lock_a_sealed_key_file(settings, tmp_path, db):
    settings.VAULT_KEY_FILE = str(tmp_path / "new" / "vault.sealed")
    said = StringIO()

    call_command("vault_init", "--passphrase-fd", descriptor(GOOD + "\n"), stdout=said)
    call_command("vault_unlock", "--passphrase-fd", descriptor(GOOD), stdout=said)
    keyring()
    call_command("vault_lock", stdout=said)

    with pytest.raises(Locked):
        keyring()
    assert "720 minutes" in said.getvalue()
    assert [event.action for event in AuditEvent.objects.order_by("id")] == [
        Action.VAULT_UNLOCKED,
        Action.VAULT_LOCKED,
    ]


def test_a_wrong_passphrase_is_refused_with_a_sentence_and_leaves_no_trace_of_an_unlocking(db):
    with pytest.raises(CommandError, match="another one, or the file was changed") as refusal:
        call_command("vault_unlock", "--passphrase-fd", descriptor(OTHER))

    assert refusal.value.returncode == 1
    assert OTHER not in str(refusal.value)
    assert not AuditEvent.objects.exists()


def test_a_weak_passphrase_makes_no_key_file(settings, tmp_path):
    settings.VAULT_KEY_FILE = str(tmp_path / "new" / "vault.sealed")

    with pytest.raises(CommandError, match="20 characters"):
        call_command("vault_init", "--passphrase-fd", descriptor("too short"), stdout=StringIO())

    assert not Path(settings.VAULT_KEY_FILE).exists()


def test_without_a_terminal_nobody_is_asked(db):
    with pytest.raises(CommandError, match="--passphrase-fd"):
        call_command("vault_unlock")


def test_at_the_terminal_a_new_passphrase_is_asked_for_twice(settings, tmp_path, monkeypatch):
    settings.VAULT_KEY_FILE = str(tmp_path / "new" / "vault.sealed")
    typed = iter([GOOD, OTHER])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))

    with pytest.raises(CommandError, match="not the same"):
        call_command("vault_init", stdout=StringIO())

    assert not Path(settings.VAULT_KEY_FILE).exists()


def test_an_open_key_file_can_be_sealed_without_changing_its_keys(settings, tmp_path, key_file):
    settings.VAULT_KEY_FILE = str(tmp_path / "new" / "vault.sealed")
    before = contents.from_json(key_file.read_bytes())

    call_command(
        "vault_init", "--seal", str(key_file), "--passphrase-fd", descriptor(GOOD), stdout=StringIO()
    )
    passphrase.unlock(GOOD)

    assert passphrase.contents() == before


def change_passphrase(former: str, new: str) -> None:
    call_command(
        "vault_change_passphrase", "--passphrase-fd", descriptor(former), "--new-passphrase-fd", descriptor(new),
        stdout=StringIO(),
    )  # fmt: skip


def test_a_changed_passphrase_opens_the_same_keys_and_the_former_one_opens_nothing(db):
    passphrase.unlock(GOOD)
    before = passphrase.contents()

    change_passphrase(GOOD, OTHER)

    with pytest.raises(Locked):
        keyring()
    with pytest.raises(WrongPassphrase):
        passphrase.unlock(GOOD)
    passphrase.unlock(OTHER)
    assert passphrase.contents() == before
    assert AuditEvent.objects.get().action == Action.PASSPHRASE_CHANGED


@pytest.mark.parametrize(("former", "new"), [(OTHER, GOOD), (GOOD, "weak")])
def test_a_passphrase_is_changed_only_by_who_knows_it_and_never_into_a_weak_one(former, new, sealed_file, db):
    before = sealed_file.read_bytes()

    with pytest.raises(CommandError):
        change_passphrase(former, new)

    assert sealed_file.read_bytes() == before


def test_unlocking_without_a_key_file_says_so(sealed_file, db):
    sealed_file.unlink()

    with pytest.raises(CommandError, match="no usable key"):
        call_command("vault_unlock", "--passphrase-fd", descriptor(GOOD))


# --- A change of keys while the passphrase is being worked on ---------------------------------------------------------


@pytest.fixture
def during_argon(monkeypatch):
    """What happens elsewhere in the good part of a second that a passphrase takes; once."""
    waiting, quick = [], passphrases.Argon2id

    def slow(**cost):
        if waiting:
            waiting.pop()()
        return quick(**cost)

    monkeypatch.setattr(passphrases, "Argon2id", slow)
    return waiting.append


def grown_elsewhere():
    passphrase.replace(contents.with_kek(passphrase.contents(), os.urandom(32)))


def test_a_key_that_came_while_the_passphrase_was_changed_is_in_the_file_afterwards(during_argon):
    passphrase.unlock(GOOD)
    during_argon(grown_elsewhere)

    passphrase.change(GOOD, OTHER)

    passphrase.unlock(OTHER)
    assert len(keyring().kek_ids) == 2


def test_a_key_that_came_while_the_vault_was_unlocked_once_more_is_handed_out(during_argon):
    passphrase.unlock(GOOD)
    during_argon(grown_elsewhere)

    passphrase.unlock(GOOD)

    assert len(keyring().kek_ids) == 2
