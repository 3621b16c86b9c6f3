"""Files that only the application's own account may touch: read whole or not at all, replaced durably, overwritten."""

import errno
import os
import stat
import time
from contextlib import suppress
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kernel.errors import Conflict, DomainError
from vault.errors import Locked, VaultError

ONLY_READ = 0o400
OTHERS = 0o077
TRIES = 5
A_MINUTE = 60

Stamp = tuple[int, int, int]
"""What tells one version of a file from the next: moment, inode and size."""


def stamp(target: Path) -> Stamp:
    """The version that is there now; raises Locked when there is none or nobody can tell."""
    try:
        return _stamp_of(target.stat(follow_symlinks=False))
    except OSError:
        raise Locked from None


def read(target: Path) -> tuple[Stamp, bytes]:
    """The version and its content. Raises Locked without a file, VaultError for one that is not ours alone.

    What is judged is what is read: the same open file. A link is not followed, whoever put it there.
    """
    for _try in range(TRIES):
        found, content = _read_once(target)
        # A file that was replaced meanwhile may have been overwritten under our eyes.
        if stamp(target) == found:
            return found, content
    raise VaultError("vault_key_file_unfit", _("The key file changes all the time."))


def _read_once(target: Path) -> tuple[Stamp, bytes]:
    try:
        descriptor = os.open(target, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise Locked from None
    except OSError:
        raise VaultError("vault_key_file_unfit", _("Recontact may not read the key file.")) from None
    with os.fdopen(descriptor, "rb") as source:
        found = os.fstat(source.fileno())
        _refuse_unless_ours(found)
        return _stamp_of(found), source.read()


def _refuse_unless_ours(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
        raise VaultError(
            "vault_key_file_unfit", _("The key file does not belong to Recontact's own account.")
        )
    if stat.S_IMODE(found.st_mode) & OTHERS:
        raise VaultError("vault_key_file_open", _("Other accounts of this machine can read the key file."))


def _stamp_of(found: os.stat_result) -> Stamp:
    return found.st_mtime_ns, found.st_ino, found.st_size


def is_open_to_others(target: Path) -> bool:
    """True when group or world has any right on a file or folder."""
    return bool(stat.S_IMODE(target.stat().st_mode) & OTHERS)


def create(target: Path, content: bytes) -> None:
    """A new file, mode 0400, in a folder of mode 0700. Never overwrites: raises Conflict."""
    make_folder(target.parent)
    fresh = _beside(target)
    try:
        _write(fresh, content)
        # A link, because a rename would take the place of what is there.
        os.link(fresh, target)
    except FileExistsError:
        raise Conflict(
            "key_file_exists",
            _("There is a key file at %(path)s already.") % {"path": target},
            kept=_("It was not touched: without it nothing sealed could ever be opened."),
        ) from None
    finally:
        fresh.unlink(missing_ok=True)
    _settle(target.parent)


def make_folder(folder: Path) -> None:
    """The folder, made if need be with mode 0700; raises DomainError for one that is not ours alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_uid != os.geteuid():
        raise DomainError(
            "key_folder_not_ours",
            _("The folder %(folder)s belongs to another account than the one you are using.")
            % {"folder": folder},
            next_step=_("Run this as the account that Recontact runs as."),
        )
    if is_open_to_others(folder):
        raise DomainError(
            "key_folder_open",
            _("Other accounts of this machine can reach the folder %(folder)s.") % {"folder": folder},
            next_step=_("Run chmod 700 on it, or choose another folder."),
        )


def replace(target: Path, content: bytes) -> None:
    """The file with new content, mode 0400: after a crash there is the old one whole or the new one whole.

    The former bytes are overwritten where the disk allows it; raises DomainError when it cannot be done.
    """
    fresh = _beside(target)
    former = None
    try:
        _write(fresh, content)
        former = _opened_to_overwrite(target)
        fresh.replace(target)
        _settle(target.parent)
    except OSError:
        if former is not None:
            os.close(former)
        raise _not_written(target) from None
    finally:
        fresh.unlink(missing_ok=True)
    _overwrite(former)
    _clear_up(target, older_than_seconds=A_MINUTE)


def _not_written(target: Path) -> DomainError:
    return DomainError(
        "keys_not_written",
        _("The file %(path)s could not be replaced.") % {"path": target},
        kept=_("Either the former one is there whole, or the new one."),
        next_step=_("Recontact's account must be able to write into its folder, and the disk not be full."),
    )


def remove(target: Path) -> bool:
    """Overwrite and remove a file, with what an interrupted `replace` left beside it; False when there was none."""
    _clear_up(target)
    former = _opened_to_overwrite(target)
    # Overwritten first: were it to end here, a name without keys is better than keys without a name.
    _overwrite(former)
    try:
        target.unlink()
    except FileNotFoundError:
        return False
    _settle(target.parent)
    return True


def _clear_up(target: Path, *, older_than_seconds: float = 0) -> None:
    """Overwrite and remove what a replacement left that was broken off: it may hold keys destroyed since."""
    for left_over in target.parent.glob(f".{target.name}.*.new"):
        with suppress(OSError):
            if time.time() - left_over.lstat().st_mtime >= older_than_seconds:
                _overwrite(_opened_to_overwrite(left_over))
                left_over.unlink()


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.{os.urandom(4).hex()}.new")


def _write(target: Path, content: bytes) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, ONLY_READ)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _settle(folder: Path) -> None:
    """Make a rename or a removal outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as reason:
        # Some file systems, over a network above all, know no such thing.
        if reason.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def _opened_to_overwrite(target: Path) -> int | None:
    """A descriptor of our own file, for after its name has gone; None where that cannot be had."""
    with suppress(OSError):
        if stat.S_ISREG(target.lstat().st_mode):
            target.chmod(0o600)
            return os.open(target, os.O_WRONLY | os.O_NOFOLLOW)
    return None


def _overwrite(descriptor: int | None) -> None:
    """Best effort: a disk of flash cells or a file system that copies on write may keep the former bytes."""
    if descriptor is None:
        return
    with suppress(OSError), os.fdopen(descriptor, "wb", buffering=0) as former:
        former.write(bytes(os.fstat(former.fileno()).st_size))
        os.fsync(former.fileno())
