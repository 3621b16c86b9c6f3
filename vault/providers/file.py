"""Keys in one JSON file that only the application's own account can read."""

from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage

from vault import contents as changes
from vault.contents import Contents
from vault.errors import Locked
from vault.keyring import Keyring
from vault.providers import loading, locking, placing, private_files
from vault.providers.loading import Opened, forget
from vault.providers.locking import is_locked, marker

__all__ = ["create", "forget", "is_locked", "marker", "path"]

name = "file"
asks_for_passphrase = False
takes_changes = True


def path() -> Path:
    """Where the key file is, or should be."""
    return Path(settings.VAULT_KEY_FILE)


def keyring(*, fresh: bool = False) -> Keyring:
    """The keys. Raises Locked when the vault is locked or has no file, VaultError when the file is unfit."""
    return loading.keyring(path(), _read, fresh=fresh)


def contents() -> Contents:
    """What the file holds now; raises as `keyring`."""
    return loading.contents(path(), _read)


def replace(new: Contents) -> None:
    """Put other keys into the file, durably; every process has them within 30 seconds, this one at once."""
    if is_locked():
        raise Locked
    private_files.replace(path(), new.to_json())
    forget()


def lock() -> None:
    """Lock the vault in all processes at once; locking twice is no error."""
    locking.lock()
    forget()


def unlock(passphrase: str | None = None) -> None:
    """Let keys be used again; unlocking twice is no error."""
    locking.unlock()


def has_keys() -> bool:
    """Whether there is a key file at all."""
    return path().exists()


def files() -> list[Path]:
    """The key file."""
    return [path()]


def destroy() -> bool:
    """Lock, then overwrite and remove the key file; False when there was none."""
    try:
        lock()
    finally:
        is_gone = private_files.remove(path())
    return is_gone


def create(target: Path) -> None:
    """Make a key file with fresh keys, mode 0400, in a folder of mode 0700. Never overwrites."""
    private_files.create(target, changes.fresh().to_json())


def checks() -> list[CheckMessage]:
    """What is wrong with the key file or its place."""
    return placing.of_key_file(path())


def _read(content: bytes) -> Opened:
    return Opened(changes.from_json(content))
