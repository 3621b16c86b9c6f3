"""Keys in a file that a passphrase seals; whoever unlocks it in the morning hands them to all processes, in memory."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import Conflict, DomainError
from vault import contents as changes
from vault import passphrases
from vault.contents import Contents
from vault.errors import Locked
from vault.keyring import Keyring
from vault.passphrases import FOR_KEYS
from vault.providers import loading, locking, placing, private_files, unlocked
from vault.providers.loading import Opened, forget
from vault.providers.unlocked import Unlocked

__all__ = ["forget"]

name = "passphrase"
asks_for_passphrase = True
takes_changes = True


def path() -> Path:
    """Where the sealed key file is, or should be."""
    return Path(settings.VAULT_KEY_FILE)


def keyring(*, fresh: bool = False) -> Keyring:
    """The keys. Raises Locked before the first unlocking, after vault_lock, and once its time is over."""
    try:
        return loading.keyring(unlocked.path(), unlocked.opened, fresh=fresh)
    except Locked:
        _clear_away()
        raise


def contents() -> Contents:
    """What was unlocked; raises as `keyring`."""
    keyring(fresh=True)
    return unlocked.read().contents


def replace(new: Contents) -> None:
    """Seal other keys into the file, with the key the passphrase gave, and hand them to all processes.

    The file first: should it end in between, the processes go on with keys that the file still holds or had no use for.
    """
    keyring(fresh=True)
    found = unlocked.read()
    _refuse_a_new_passphrase(found)
    private_files.replace(path(), passphrases.seal(new.to_json(), found.sealing_key, purpose=FOR_KEYS))
    unlocked.write(Unlocked(new, found.sealing_key, found.since, found.until))
    forget()


def lock() -> None:
    """Lock the vault in all processes at once, and overwrite what the unlocking left."""
    try:
        locking.lock()
    finally:
        forget()
        unlocked.remove()


def unlock(passphrase: str | None = None) -> None:
    """Open the key file for the next VAULT_AUTO_LOCK_MINUTES.

    Raises WrongPassphrase, DomainError for a folder that is not in memory, Locked without a key file.
    """
    if passphrase is None:
        raise DomainError("passphrase_needed", _("The key file opens with its passphrase only."))
    key = passphrases.key_for(_sealed(), passphrase)
    # Read again: in the second that took, a change of keys may have put another file there.
    found = changes.from_json(passphrases.opened(_sealed(), key, purpose=FOR_KEYS))
    now = clock.wall()
    unlocked.write(Unlocked(found, key, now, now + timedelta(minutes=settings.VAULT_AUTO_LOCK_MINUTES)))
    locking.unlock()
    forget()


def is_locked() -> bool:
    """True with the lock there, before an unlocking, once its time is over, and when nobody can tell."""
    try:
        keyring(fresh=True)
    except DomainError:
        return True
    return False


def has_keys() -> bool:
    """Whether there is a key file at all."""
    return path().exists()


def files() -> list[Path]:
    """The key file, and what the unlocking left."""
    return [path(), unlocked.path()]


def destroy() -> bool:
    """Lock, then overwrite and remove the key file and what the unlocking left; False when there was no key file."""
    try:
        lock()
    finally:
        is_gone = private_files.remove(path())
    return is_gone


def create(target: Path, passphrase: str, content: Contents | None = None) -> None:
    """Make a sealed key file with fresh keys, or the given ones. Never overwrites; raises DomainError if weak."""
    passphrases.refuse_a_weak(passphrase)
    key = passphrases.new_key(passphrase)
    sealed = passphrases.seal((content or changes.fresh()).to_json(), key, purpose=FOR_KEYS)
    private_files.create(target, sealed)


def change(former: str, new: str) -> None:
    """Seal the same keys with another passphrase, and lock; raises WrongPassphrase, Locked, or DomainError if weak.

    Whoever kept a copy of the file and knows its former passphrase has these keys until they are changed.
    """
    passphrases.refuse_a_weak(new)
    before, after = passphrases.key_for(_sealed(), former), passphrases.new_key(new)
    # Read only now: a key that came in the seconds before would be lost, with all that is wrapped under it.
    content = passphrases.opened(_sealed(), before, purpose=FOR_KEYS)
    private_files.replace(path(), passphrases.seal(content, after, purpose=FOR_KEYS))
    lock()


def checks() -> list[CheckMessage]:
    """What is wrong with the key file, its place, or the place for unlocked keys."""
    return [*placing.of_key_file(path()), *placing.of_unlocked(unlocked.folder())]


def _sealed() -> bytes:
    """The key file as it is now."""
    return private_files.read(path())[1]


def _clear_away() -> None:
    """Overwrite what an unlocking left once its time is over: being refused is not the same as being gone."""
    try:
        found = unlocked.read()
    except DomainError:
        return
    if Opened(found.contents, found.since, found.until).is_over(clock.wall()):
        unlocked.remove()


def _refuse_a_new_passphrase(found: Unlocked) -> None:
    if passphrases.header_of(_sealed()) != found.sealing_key.header:
        raise Conflict(
            "key_file_exchanged",
            _("The key file is another one than the one that was unlocked."),
            kept=_("It was not touched."),
            next_step=_("Lock the vault and unlock it again."),
        )
