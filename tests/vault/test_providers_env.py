"""Keys that the service manager hands over: used and locked like others, never written."""

from io import StringIO

import pytest
from django.core import checks
from django.core.management import CommandError, call_command

from kernel.errors import DomainError
from vault import contents
from vault.errors import Locked, VaultError
from vault.providers import env, keyring

pytestmark = pytest.mark.either

HANDED_OVER = contents.fresh()


@pytest.fixture(autouse=True)
def handed_over(settings, tmp_path, monkeypatch):
    settings.VAULT_KEY_PROVIDER = "env"
    settings.VAULT_LOCK_FILE = str(tmp_path / "vault.locked")
    monkeypatch.setenv("VAULT_KEYS", HANDED_OVER.to_json().decode())
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    yield
    env.forget()


@pytest.fixture
def credential(settings, tmp_path, monkeypatch):
    """A credential in place of the variable."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "recontact-keys").write_bytes(HANDED_OVER.to_json())
    monkeypatch.delenv("VAULT_KEYS")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    settings.VAULT_KEYS_CREDENTIAL = "recontact-keys"
    return folder / "recontact-keys"


def found():
    return {message.id for message in checks.run_checks(tags=["vault"])}


def test_keys_in_the_environment_are_used():
    assert keyring().current == HANDED_OVER.current
    assert env.contents() == HANDED_OVER


def test_keys_in_a_credential_are_used(credential):
    assert keyring().current == HANDED_OVER.current


def test_a_credential_that_is_named_and_not_given_is_a_locked_vault_whatever_the_variable_says(settings):
    settings.VAULT_KEYS_CREDENTIAL = "recontact-keys"

    with pytest.raises(Locked):
        keyring()
    assert not env.has_keys()


def test_a_credential_that_has_gone_is_a_locked_vault(credential):
    credential.unlink()

    with pytest.raises(Locked):
        keyring()


def test_no_keys_at_all_are_a_locked_vault(monkeypatch):
    monkeypatch.delenv("VAULT_KEYS")

    with pytest.raises(Locked):
        keyring()


def test_unfit_keys_are_refused_without_repeating_them(monkeypatch):
    monkeypatch.setenv("VAULT_KEYS", '{"current": "secret')

    with pytest.raises(VaultError) as refusal:
        keyring()

    assert "secret" not in str(refusal.value)


def test_the_lock_works_at_once_and_nothing_is_readable_behind_it(tmp_path):
    keyring()

    call_to_lock = tmp_path / "vault.locked"
    call_to_lock.touch()

    with pytest.raises(Locked):
        keyring()
    with pytest.raises(Locked):
        env.contents()


def test_keys_that_are_handed_over_are_not_replaced_here():
    with pytest.raises(DomainError) as refusal:
        env.replace(contents.fresh())

    assert refusal.value.code == "keys_read_only"
    assert "docs/guides/keys.md" in str(refusal.value)


def test_destroying_locks_and_says_that_the_keys_are_elsewhere():
    with pytest.raises(DomainError) as refusal:
        env.destroy()

    assert refusal.value.code == "keys_read_only"
    assert env.is_locked()


def test_the_commands_lock_and_unlock(db):
    call_command("vault_lock", stdout=StringIO())
    with pytest.raises(Locked):
        keyring()

    call_command("vault_unlock", stdout=StringIO())
    keyring()


def test_no_key_file_is_made_for_keys_that_are_handed_over():
    with pytest.raises(CommandError, match="service manager"):
        call_command("vault_init")


def test_the_settings_do_not_hold_the_keys(settings):
    from django.views.debug import SafeExceptionReporterFilter

    shown = repr(SafeExceptionReporterFilter().get_safe_settings())

    assert HANDED_OVER.to_json().decode().split('"')[-2] not in shown
    assert not hasattr(settings, "VAULT_KEYS")


def test_keys_handed_over_in_order_pass_every_check():
    assert found() == set()


def test_keys_in_the_environment_are_refused_where_errors_are_shown_in_full(settings):
    settings.DEBUG = True

    assert found() == {"vault.E012"}


def test_a_vault_that_has_no_place_for_its_lock_is_refused(settings):
    settings.VAULT_LOCK_FILE = ""

    assert found() == {"vault.E013"}


def test_a_lock_that_could_not_be_made_is_warned_of(settings, tmp_path):
    settings.VAULT_LOCK_FILE = str(tmp_path / "missing" / "vault.locked")

    assert found() == {"vault.W002"}
