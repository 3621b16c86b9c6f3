"""Where the keys come from: one provider, named by the settings."""

from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from django.conf import settings
from django.core.checks import CheckMessage
from django.utils.translation import gettext_lazy as _

from vault.contents import Contents
from vault.errors import VaultError
from vault.keyring import Keyring
from vault.providers import env, file, passphrase


class Provider(Protocol):
    """One place for keys: a module of this package. All of them honour the one lock of `locking`.

    One that takes no changes refuses `replace` with a DomainError, `keys_read_only`, whose sentence says what to do; a
    service that keeps its keys to itself refuses `contents` in the same way.
    """

    name: str
    asks_for_passphrase: bool
    takes_changes: bool

    def keyring(self, *, fresh: bool = False) -> Keyring:
        """The keys, for use now; `fresh` looks at their place at once and not within 30 seconds. Raises Locked."""

    def contents(self) -> Contents:
        """All there is, for changing keys and for recovery only. Raises Locked."""

    def replace(self, new: Contents) -> None:
        """Put other keys in their place, durably: after a crash there are the old ones whole or the new ones whole.

        This process has them at once, every other within 30 seconds. Raises Locked, and DomainError when it cannot.
        """

    def lock(self) -> None:
        """Lock the vault for all processes at once. Raises OSError when the lock cannot be made."""

    def unlock(self, passphrase: str | None = None) -> None:
        """Let keys be used again. Raises DomainError, or OSError when the lock cannot be removed."""

    def is_locked(self) -> bool:
        """True while the vault is locked, and also when nobody can tell."""

    def has_keys(self) -> bool:
        """Whether keys were ever put here; true for a place that cannot be asked."""

    def files(self) -> list[Path]:
        """The files of this machine that hold keys, whether they are there or not."""

    def destroy(self) -> bool:
        """Lock, then destroy what this machine holds of the keys, lock or no lock; False when there was nothing."""

    def checks(self) -> list[CheckMessage]:
        """What is wrong with the place, for the checks at the start."""

    def forget(self) -> None:
        """Read the keys anew at the next use."""


PROVIDERS: MappingProxyType[str, Provider] = MappingProxyType(
    {provider.name: provider for provider in (file, passphrase, env)}
)


def provider() -> Provider:
    """The provider that the settings name. Raises VaultError when they name none."""
    found = PROVIDERS.get(settings.VAULT_KEY_PROVIDER)
    if found is None:
        raise VaultError("vault_no_provider", _("Nothing is set up to hand out keys."))
    return found


def keyring(*, fresh: bool = False) -> Keyring:
    """The keys, for use now and not to be kept. Raises Locked, or VaultError for an unusable provider.

    A change of the keys is seen within 30 seconds, or now when `fresh`.
    """
    # Not above: key files are also made where there are no settings and no models, as `make demo` does.
    from vault import processes

    ring = provider().keyring(fresh=fresh)
    # From now on this process uses keys, so a change of keys waits for it.
    processes.attend()
    return ring
