"""Reading what somebody brings for a recovery: files of theirs, whatever rights they have on this machine."""

from pathlib import Path

from django.core.management.base import CommandError

from vault import passphrases
from vault.management import asking
from vault.offline import PrivateKey
from vault.passphrases import FOR_RECOVERY


def whole(source: Path) -> bytes:
    """A file's content; raises CommandError."""
    try:
        return source.read_bytes()
    except OSError as reason:
        raise CommandError(f"{source} cannot be read: {reason.strerror}.", returncode=1) from None


def private_key(source: Path, descriptor: int | None) -> PrivateKey:
    """A private key, after its passphrase; raises WrongPassphrase, VaultError or CommandError."""
    sealed = whole(source)
    typed = asking.passphrase("Passphrase of the recovery key", descriptor=descriptor)
    key = passphrases.key_for(sealed, typed)
    return PrivateKey(passphrases.opened(sealed, key, purpose=FOR_RECOVERY))
