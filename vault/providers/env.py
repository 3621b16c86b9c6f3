"""Keys that the service manager hands over: a systemd credential, or the variable VAULT_KEYS. Read, never written.

A variable stays in the environment of this process and of all it starts: taking it out of `os.environ` would change
neither what the kernel shows of the process to its own account nor what was handed to children. A credential is a file
in memory that only the service can read; where there is a choice it is the better one.
"""

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from vault import contents as changes
from vault.contents import Contents
from vault.errors import Locked
from vault.keyring import Keyring, LocalKeyring
from vault.providers import locking, placing
from vault.providers.locking import is_locked

__all__ = ["is_locked"]

name = "env"
asks_for_passphrase = False
takes_changes = False

VARIABLE = "VAULT_KEYS"
FOLDER = "CREDENTIALS_DIRECTORY"


class ReadOnly(DomainError):
    """These keys are changed where the service manager has them."""

    def __init__(self) -> None:
        super().__init__(
            "keys_read_only",
            _("Recontact cannot change keys that the service manager hands over."),
            kept=_("Nothing was changed."),
            next_step=_("Change them there and start again; docs/guides/keys.md says how."),
        )


def keyring(*, fresh: bool = False) -> Keyring:
    """The keys. Raises Locked when the vault is locked or none were handed over, VaultError when they are unfit."""
    return LocalKeyring(contents())


def contents() -> Contents:
    """What was handed over; raises as `keyring`."""
    if locking.is_locked():
        raise Locked
    return _made_of(_content())


def forget() -> None:
    """Read what was handed over anew at the next use."""
    _made_of.cache_clear()


def replace(new: Contents) -> None:
    """Raises ReadOnly."""
    raise ReadOnly


def lock() -> None:
    """Lock the vault in all processes at once; locking twice is no error."""
    locking.lock()
    forget()


def unlock(passphrase: str | None = None) -> None:
    """Let keys be used again; unlocking twice is no error."""
    locking.unlock()


def has_keys() -> bool:
    """Whether any were handed over to this process."""
    try:
        return bool(_content())
    except Locked:
        return False


def files() -> list[Path]:
    """None that are ours to remove."""
    return []


def destroy() -> bool:
    """Lock; then raises ReadOnly, because the keys are not here."""
    lock()
    raise ReadOnly


def credential() -> Path | None:
    """The file of the credential that VAULT_KEYS_CREDENTIAL names, None where the service manager gave none."""
    given = os.environ.get(FOLDER)
    if not settings.VAULT_KEYS_CREDENTIAL or not given:
        return None
    return Path(given) / settings.VAULT_KEYS_CREDENTIAL


def checks() -> list[CheckMessage]:
    """What is wrong with keys in the environment, or with the place for the lock."""
    return placing.of_environment()


@lru_cache(maxsize=1)
def _made_of(content: bytes) -> Contents:
    return changes.from_json(content)


def _content() -> bytes:
    """The credential if one is named, else the variable; raises Locked where there is neither."""
    place = credential()
    try:
        found = place.read_bytes() if place else os.environ.get(VARIABLE, "").encode()
    except OSError:
        found = b""
    if not found or (settings.VAULT_KEYS_CREDENTIAL and place is None):
        raise Locked
    return found
