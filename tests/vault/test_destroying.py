"""Leaving in a hurry: the keys go from this machine, locked first, told in the trail, and tried out beforehand."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command, load_command_class
from django.db import DatabaseError

from audit import trail
from audit.actions import Action
from audit.models import AuditEvent
from tests.vault.conftest import NOON
from tests.vault.typing_in import GOOD, descriptor
from vault import offline, passphrases, recovery
from vault.contents import with_index_key
from vault.errors import Locked
from vault.passphrases import FOR_RECOVERY
from vault.providers import file, keyring, private_files

pytestmark = pytest.mark.either

DPO, HQ = offline.fresh(), offline.fresh()


@pytest.fixture
def outside(settings, tmp_path, db, key_file):
    """Two people outside, and the recovery files they have acknowledged."""
    keys = tmp_path / "recovery.pub"
    keys.write_text(f"{DPO.public.line}\n{HQ.public.line}\n")
    keys.chmod(0o600)
    settings.VAULT_RECOVERY_KEYS = str(keys)
    written = recovery.write(file.contents(), NOON)
    recovery.acknowledge(written.digest.hex(), now=NOON)


@pytest.fixture
def private_key(tmp_path):
    """The private key of the DPO, in a file that a passphrase seals."""
    target = tmp_path / "dpo" / "private.key"
    key = passphrases.new_key(GOOD)
    private_files.create(target, passphrases.seal(DPO.raw, key, purpose=FOR_RECOVERY))
    return target


def destroy(*arguments) -> str:
    said = StringIO()
    call_command("vault_destroy_local_key", *arguments, stdout=said, stderr=said)
    return said.getvalue()


def told() -> list[tuple[str, str]]:
    events = AuditEvent.objects.exclude(
        action__in=(Action.RECOVERY_WRITTEN, Action.RECOVERY_ACKNOWLEDGED)
    ).order_by("id")
    return list(events.values_list("action", "outcome"))


def test_the_keys_are_destroyed_and_the_trail_says_so_before_and_after(outside, key_file):
    said = destroy("--yes-destroy", file.contents().current.hex())

    assert not key_file.exists()
    with pytest.raises(Locked):
        keyring()
    assert told() == [
        (Action.LOCAL_KEYS_DESTROYED, "begun"),
        (Action.LOCAL_KEYS_DESTROYED, "done"),
    ]
    assert "switch the machine off" in said


def test_what_was_destroyed_comes_back_from_a_recovery_file_and_from_nothing_else(outside, key_file):
    before = file.contents()

    destroy("--yes-destroy", before.current.hex())

    assert recovery.opened_by(DPO)[0] == before
    left = b"".join(path.read_bytes() for path in key_file.parent.rglob("*") if path.is_file())
    assert all(key not in left for key in before.keks.values())


@pytest.mark.parametrize("word", ["", "yes", "0" * 16])
def test_without_the_very_word_nothing_is_destroyed(word, outside, key_file):
    with pytest.raises(CommandError, match="Nothing was destroyed") as refusal:
        destroy("--yes-destroy", word)

    assert refusal.value.returncode == 1
    assert key_file.exists()
    keyring()
    assert told() == []


def test_without_a_terminal_the_word_has_to_be_given(outside, key_file):
    with pytest.raises(CommandError, match=file.contents().current.hex()):
        destroy()

    assert key_file.exists()


def test_keys_that_nobody_outside_has_are_not_destroyed_unless_that_is_said(db, key_file):
    word = file.contents().current.hex()

    with pytest.raises(CommandError, match="--without-recovery"):
        destroy("--yes-destroy", word)
    assert key_file.exists()

    destroy("--yes-destroy", word, "--without-recovery")
    assert not key_file.exists()


def test_recovery_files_of_former_keys_do_not_count(outside, key_file):
    file.replace(with_index_key(file.contents()))

    with pytest.raises(CommandError, match="acknowledged"):
        destroy("--yes-destroy", file.contents().current.hex())

    assert key_file.exists()


def test_a_locked_vault_can_be_destroyed_by_the_name_of_its_file(outside, key_file):
    file.lock()

    destroy("--yes-destroy", key_file.name)

    assert not key_file.exists()


def test_a_database_that_is_away_keeps_nobody_from_destroying(outside, key_file, monkeypatch):
    def away(*args, **about):
        raise DatabaseError("could not connect")

    word = file.contents().current.hex()
    monkeypatch.setattr(trail, "record", away)

    said = destroy("--yes-destroy", word)

    assert not key_file.exists()
    assert "trail could not be told" in said


def test_settings_that_are_wrong_keep_nobody_from_destroying(outside, key_file):
    word = file.contents().current.hex()
    key_file.parent.chmod(0o777)

    destroy("--yes-destroy", word)

    assert not load_command_class("vault", "vault_destroy_local_key").requires_system_checks
    assert not key_file.exists()


def test_there_being_nothing_to_destroy_is_said(outside, key_file):
    word = file.contents().current.hex()
    destroy("--yes-destroy", word)

    with pytest.raises(CommandError, match="no key file"):
        destroy("--yes-destroy", key_file.name)


def test_keys_that_the_service_manager_has_are_locked_and_named_as_not_ours(
    settings, tmp_path, monkeypatch, db
):
    monkeypatch.setenv("VAULT_KEYS", file.contents().to_json().decode())
    word = file.contents().current.hex()
    settings.VAULT_KEY_PROVIDER = "env"
    settings.VAULT_LOCK_FILE = str(tmp_path / "vault.locked")

    with pytest.raises(CommandError, match="service manager"):
        destroy("--yes-destroy", word, "--without-recovery")

    with pytest.raises(Locked):
        keyring()
    assert told()[-1] == (Action.LOCAL_KEYS_DESTROYED, "failed")


# --- The drill --------------------------------------------------------------------------------------------------------


def test_a_drill_does_every_step_times_it_and_destroys_nothing(outside, key_file, private_key):
    before = sorted((path, path.read_bytes()) for path in key_file.parent.rglob("*") if path.is_file())

    said = destroy("--drill", "--private-key", str(private_key), "--passphrase-fd", descriptor(GOOD))

    assert [line.split(":")[0] for line in said.splitlines()[:3]] == [
        "lock",
        "destroy vault.json",
        "recovery",
    ]
    assert "a recovery file opens with the key given" in said
    assert (
        sorted((path, path.read_bytes()) for path in key_file.parent.rglob("*") if path.is_file()) == before
    )
    keyring()
    assert told() == [(Action.DRILLED, "done")]
    assert len(AuditEvent.objects.get(action=Action.DRILLED).detail["milliseconds"]) == 3


def test_a_drill_without_a_key_says_that_no_recovery_file_was_opened(outside):
    assert "no recovery file was opened" in destroy("--drill")


def test_a_drill_finds_that_nobody_outside_has_the_keys(db, key_file):
    with pytest.raises(CommandError, match="acknowledged") as refusal:
        destroy("--drill")

    assert refusal.value.returncode == 1
    assert told() == [(Action.DRILLED, "no_recovery")]


def test_a_drill_finds_that_a_recovery_file_was_spoilt(outside, private_key):
    blob = recovery.folder() / f"recovery-{DPO.public.fingerprint.hex()}.blob"
    content = blob.read_bytes()
    blob.chmod(0o600)
    blob.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    with pytest.raises(CommandError, match="changed"):
        destroy("--drill", "--private-key", str(private_key), "--passphrase-fd", descriptor(GOOD))


def test_a_drill_finds_that_a_recovery_file_holds_other_keys(outside, private_key, key_file):
    blob = recovery.folder() / f"recovery-{DPO.public.fingerprint.hex()}.blob"
    other = offline.seal(with_index_key(file.contents()).to_json(), DPO.public, now=NOON)
    blob.chmod(0o600)
    blob.write_bytes(other)

    with pytest.raises(CommandError, match="other keys"):
        destroy("--drill", "--private-key", str(private_key), "--passphrase-fd", descriptor(GOOD))


def test_a_drill_with_the_wrong_passphrase_says_so(outside, private_key):
    with pytest.raises(CommandError, match="another one"):
        destroy("--drill", "--private-key", str(private_key), "--passphrase-fd", descriptor("six " + GOOD))
