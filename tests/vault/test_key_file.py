"""The key file: made once, private, locked at once, and read again when it changes."""

import json
import os
import pickle
import stat
import subprocess
import sys
from base64 import b64decode
from io import StringIO

import pytest
from django.core import checks
from django.core.management import CommandError, call_command, load_command_class
from django.core.management.base import SystemCheckError

from audit.actions import Action
from audit.models import AuditEvent
from kernel.errors import Conflict, DomainError
from vault import keyed
from vault.checks import AT_THE_START
from vault.errors import Locked, VaultError
from vault.providers import file, keyring, loading
from vault.wrapping import kek_id

pytestmark = pytest.mark.either


def found():
    return {message.id for message in checks.run_checks(tags=["vault"])}


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def rewrite(path, **changes):
    content = json.loads(path.read_text())
    path.chmod(0o600)
    path.write_text(json.dumps(content | changes))


def test_a_key_file_is_private_and_so_is_its_folder(key_file):
    assert mode(key_file) == 0o400
    assert mode(key_file.parent) == 0o700


def test_a_key_file_holds_the_keys_under_their_own_names(key_file):
    content = json.loads(key_file.read_text())

    assert set(content) == {"current", "keys", "index", "audit", "callback", "case"}
    assert kek_id(b64decode(content["keys"][content["current"]])).hex() == content["current"]
    assert set(keyring().index) == {1}


def test_a_key_file_is_never_overwritten(key_file):
    before = key_file.read_bytes()

    with pytest.raises(Conflict):
        file.create(key_file)

    assert key_file.read_bytes() == before


def test_a_key_file_is_not_made_in_a_folder_that_others_can_reach(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)

    with pytest.raises(DomainError) as refusal:
        file.create(folder / "vault.json")

    assert refusal.value.code == "key_folder_open"
    assert not (folder / "vault.json").exists()


def test_keys_print_and_pickle_nothing():
    assert repr(keyring()) == str(keyring()) == "<keyring>"
    with pytest.raises(TypeError):
        pickle.dumps(keyring())


def test_without_a_key_file_the_vault_is_locked(key_file):
    key_file.unlink()
    file.forget()

    with pytest.raises(Locked):
        keyring()


@pytest.mark.parametrize("lax", [0o440, 0o404, 0o660, 0o640])
def test_a_key_file_that_others_can_read_is_not_used(lax, key_file):
    key_file.chmod(lax)
    file.forget()

    with pytest.raises(VaultError) as refusal:
        keyring()

    assert refusal.value.code == "vault_key_file_open"
    assert "vault.E002" in found()


@pytest.mark.parametrize(
    "changes", [{"keys": {}}, {"index": {}}, {"current": "00" * 8}, {"audit": "c2hvcnQ="}, {"keys": []},
                {"keys": {"00" * 8: "A" * 43 + "="}, "current": "00" * 8}, {"index": {"one": "A" * 43 + "="}}]
)  # fmt: skip
def test_a_key_file_in_another_form_is_refused(changes, key_file):
    rewrite(key_file, **changes)
    file.forget()

    with pytest.raises(VaultError) as refusal:
        keyring()

    assert refusal.value.code == "vault_key_file_unfit"


def test_a_changed_key_file_is_read_again_within_thirty_seconds(key_file, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(loading.time, "monotonic", lambda: clock[0])
    before = keyring()
    rewrite(key_file, case="A" * 43 + "=")
    os.utime(key_file, ns=(1, 1))

    clock[0] += 29
    assert keyring().case == before.case
    clock[0] += 2
    assert keyring().case == bytes(32)


def test_the_lock_works_at_once_and_so_does_unlocking():
    before = keyring()

    file.lock()
    with pytest.raises(Locked):
        keyring()
    file.unlock()

    assert keyring().current == before.current


def test_a_lock_made_by_another_process_works_at_once(key_file):
    keyring()
    key_file.with_name("vault.json.locked").touch()

    with pytest.raises(Locked):
        keyring()


def test_an_unknown_provider_hands_out_nothing(settings):
    settings.VAULT_KEY_PROVIDER = "somewhere"

    with pytest.raises(VaultError):
        keyring()
    assert "vault.E001" in found()


def test_a_case_has_one_key_per_source():
    assert keyed.case_key("survey", "1001") == keyed.case_key("survey", "1001")
    assert len(keyed.case_key("survey", "1001")) == 32
    assert keyed.case_key("survey", "1001") != keyed.case_key("survey1", "001")


# --- checks -----------------------------------------------------------------------------------------------------------


def test_a_key_file_in_order_passes_every_check():
    assert found() == set()


def test_a_missing_key_file_is_a_warning_that_says_how_to_make_one(key_file):
    key_file.unlink()

    (message,) = checks.run_checks(tags=["vault"])

    assert message.id == "vault.W001"
    assert "vault_init" in message.hint
    assert not message.is_serious()


def test_a_key_file_inside_the_program_is_refused_except_in_the_demo(settings, key_file):
    settings.BASE_DIR = key_file.parent.parent
    assert found() == {"vault.E003"}

    settings.RECONTACT_DEMO = True
    assert found() == set()


def test_a_key_file_beside_a_database_is_refused(settings, key_file, monkeypatch):
    monkeypatch.setitem(settings.DATABASES, "vault", sqlite(key_file.parent / "main.sqlite3"))

    assert found() == {"vault.E004"}


def test_a_key_file_in_a_folder_under_a_database_is_refused(settings, key_file, monkeypatch):
    monkeypatch.setitem(settings.DATABASES, "default", sqlite(key_file.parent.parent / "main.sqlite3"))

    assert found() == {"vault.E004"}


@pytest.mark.parametrize("setting", ["BACKUP_DIR", "VAULT_COPY_DIR"])
def test_a_key_file_among_copies_of_a_database_is_refused(setting, settings, key_file):
    setattr(settings, setting, str(key_file.parent.parent))

    assert found() == {"vault.E010"}


def test_a_link_in_place_of_the_key_file_is_refused_even_when_it_leads_nowhere(key_file, tmp_path):
    key_file.rename(tmp_path / "moved.json")
    key_file.symlink_to(tmp_path / "moved.json")
    assert found() == {"vault.E008"}

    (tmp_path / "moved.json").unlink()
    assert found() == {"vault.E008"}


def test_a_linked_folder_is_judged_by_where_it_leads(settings, key_file, tmp_path):
    settings.BASE_DIR = key_file.parent
    (tmp_path / "elsewhere").symlink_to(key_file.parent)
    settings.VAULT_KEY_FILE = str(tmp_path / "elsewhere" / key_file.name)

    assert found() == {"vault.E003"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_file_of_another_account_is_refused(key_file):
    os.chown(key_file, 65534, -1)

    assert found() == {"vault.E007"}


def test_a_folder_in_which_others_can_exchange_the_key_file_is_refused(key_file):
    key_file.parent.chmod(0o770)

    assert found() == {"vault.E009"}


def test_every_error_says_what_to_do(settings, key_file, monkeypatch):
    monkeypatch.setitem(settings.DATABASES, "vault", sqlite(key_file.parent / "main.sqlite3"))
    settings.BASE_DIR = key_file.parent
    settings.VAULT_RECOVERY_KEYS = str(key_file.parent / "missing.pub")
    settings.VAULT_RECOVERY_ACKNOWLEDGE = "perhaps"
    key_file.parent.chmod(0o777)
    key_file.chmod(0o444)

    messages = checks.run_checks(tags=["vault"])

    assert {message.id for message in messages} >= {
        "vault.E002", "vault.E003", "vault.E004", "vault.E009", "vault.E014", "vault.E017"
    }  # fmt: skip
    assert [message for message in messages if not message.hint or not message.is_serious()] == []


def at_the_start():
    return {message.id for message in checks.run_checks(tags=[AT_THE_START], include_deployment_checks=True)}


def test_a_server_without_keys_does_not_start_while_the_commands_that_make_them_do(key_file):
    key_file.unlink()

    assert at_the_start() == {"vault.E015"}
    assert found() == {"vault.W001"}
    with pytest.raises(SystemCheckError, match="vault_init"):
        call_command("up", "--port", "0")


def test_the_demo_is_not_asked_for_keys_before_it_makes_them(settings, key_file):
    key_file.unlink()
    settings.RECONTACT_DEMO = True

    assert at_the_start() == set()


def test_a_server_whose_keys_nobody_else_could_bring_back_starts_with_a_warning(settings, key_file):
    assert at_the_start() == {"vault.W003"}

    settings.VAULT_RECOVERY_KEYS = "/etc/recontact/recovery.pub"
    assert at_the_start() == set()


def test_vault_and_main_data_in_one_database_are_refused_unless_accepted(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES, "vault", settings.DATABASES["default"])
    assert found() == {"vault.E005"}

    settings.VAULT_SHARED_DATABASE_OK = True
    assert found() == set()


def test_a_vault_in_sqlite_that_does_not_lock_at_once_is_refused(settings, tmp_path, monkeypatch):
    vault = sqlite(tmp_path / "db" / "vault.sqlite3") | {"OPTIONS": {}}
    monkeypatch.setitem(settings.DATABASES, "vault", vault)

    assert found() == {"vault.E006"}


def sqlite(name):
    options = {"transaction_mode": "IMMEDIATE"}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(name), "OPTIONS": options}


# --- commands ---------------------------------------------------------------------------------------------------------


def test_the_command_makes_a_key_file_once(settings, tmp_path):
    settings.VAULT_KEY_FILE = str(tmp_path / "new" / "vault.json")
    said = StringIO()

    call_command("vault_init", stdout=said, skip_checks=True)
    with pytest.raises(CommandError, match="already"):
        call_command("vault_init", stdout=said, skip_checks=True)

    assert "recovery copy" in said.getvalue()
    assert mode(tmp_path / "new" / "vault.json") == 0o400


def test_key_files_and_recovery_keys_are_made_where_there_are_no_settings_as_in_the_makefile(
    settings, tmp_path
):
    making = (
        "import sys, pathlib; from vault.providers import file; from vault import offline;"
        "file.create(pathlib.Path(sys.argv[1])); print(offline.fresh().public.line)"
    )

    done = subprocess.run(
        [sys.executable, "-c", making, str(tmp_path / "made" / "vault.json")],
        cwd=settings.BASE_DIR, env={}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("recontact-recovery-1 ")
    assert mode(tmp_path / "made" / "vault.json") == 0o400


def test_the_commands_lock_and_unlock_and_leave_a_trace(db):
    call_command("vault_lock", stdout=StringIO())
    with pytest.raises(Locked):
        keyring()
    call_command("vault_unlock", stdout=StringIO())
    keyring()

    traced = AuditEvent.objects.order_by("id").values_list("action", flat=True)
    assert list(traced) == [Action.VAULT_LOCKED, Action.VAULT_UNLOCKED]


def test_locking_works_however_wrong_the_settings_are(key_file, db):
    key_file.chmod(0o444)

    call_command("vault_lock", stdout=StringIO())

    assert not load_command_class("vault", "vault_lock").requires_system_checks
    with pytest.raises(Locked):
        keyring()


def test_a_lock_that_cannot_be_made_is_said_so(settings, tmp_path, db):
    settings.VAULT_LOCK_FILE = str(tmp_path / "missing" / "vault.locked")

    with pytest.raises(CommandError, match="not locked") as refusal:
        call_command("vault_lock", stdout=StringIO())

    assert refusal.value.returncode == 1
    assert not AuditEvent.objects.exists()


def test_unlocking_without_a_key_file_says_so(key_file, db):
    key_file.unlink()
    file.forget()

    with pytest.raises(CommandError, match="no usable key"):
        call_command("vault_unlock", stdout=StringIO())
