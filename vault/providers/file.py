"""Keys in one JSON file that only the application's own account can read."""

import json
import os
import stat
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.errors import Conflict, DomainError
from vault.errors import Locked, VaultError
from vault.keyring import Keyring
from vault.primitives import KEY_BYTES, fresh_key
from vault.wrapping import kek_id

RECHECK_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a process last read, and when it last looked at the file."""

    path: Path
    process: int
    changed_ns: int
    looked_at: float
    ring: Keyring


_loaded: dict[str, Loaded] = {}


def path() -> Path:
    """Where the key file is, or should be."""
    return Path(settings.VAULT_KEY_FILE)


def marker() -> Path:
    """The file whose presence locks the vault for every process at once."""
    return path().with_name(f"{path().name}.locked")


def keyring() -> Keyring:
    """The keys. Raises Locked when the vault is locked or has no file, VaultError when the file is unfit.

    The marker is looked for at every use; the file itself at most every 30 seconds.
    """
    if is_locked():
        raise Locked
    known = _loaded.get("file")
    now = time.monotonic()
    # A forked process loads its own: what its parent had read is not carried over.
    if known is None or known.path != path() or known.process != os.getpid():
        return _remember(_changed_ns(), now)
    if now - known.looked_at < RECHECK_SECONDS:
        return known.ring
    changed_ns = _changed_ns()
    if changed_ns != known.changed_ns:
        return _remember(changed_ns, now)
    _loaded["file"] = Loaded(known.path, known.process, changed_ns, now, known.ring)
    return known.ring


def forget() -> None:
    """Read the file anew at the next use."""
    _loaded.clear()


def is_locked() -> bool:
    """True with the marker there, and also when nobody can tell."""
    try:
        marker().lstat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def lock() -> None:
    """Lock the vault in all processes at once; locking twice is no error."""
    marker().touch(mode=0o600, exist_ok=True)
    forget()


def unlock() -> None:
    """Let keys be used again; unlocking twice is no error."""
    marker().unlink(missing_ok=True)


def create(target: Path) -> None:
    """Make a key file with fresh keys, mode 0400, in a folder of mode 0700. Never overwrites."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if is_open_to_others(target.parent):
        raise DomainError(
            "key_folder_open",
            _("Other accounts of this machine can reach the folder %(folder)s.") % {"folder": target.parent},
            next_step=_("Run chmod 700 on it, or choose another folder in VAULT_KEY_FILE."),
        )
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        raise Conflict(
            "key_file_exists",
            _("There is a key file at %(path)s already.") % {"path": target},
            kept=_("It was not touched: without it nothing sealed could ever be opened."),
        ) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        json.dump(_fresh(), out, indent=1)
        out.flush()
        os.fsync(out.fileno())


def is_open_to_others(target: Path) -> bool:
    """True when group or world has any right on a file or folder."""
    return bool(stat.S_IMODE(target.stat().st_mode) & 0o077)


def _fresh() -> dict[str, Any]:
    kek = fresh_key()
    name = kek_id(kek).hex()
    single = {name: _text(fresh_key()) for name in ("audit", "callback", "case")}
    return {"current": name, "keys": {name: _text(kek)}, "index": {"1": _text(fresh_key())}, **single}


def _remember(changed_ns: int, now: float) -> Keyring:
    if is_open_to_others(path()):
        raise VaultError("vault_key_file_open", _("Other accounts of this machine can read the key file."))
    ring = _parse(_content())
    _loaded["file"] = Loaded(path(), os.getpid(), changed_ns, now, ring)
    return ring


def _content() -> bytes:
    try:
        return path().read_bytes()
    except OSError:
        raise VaultError("vault_key_file_unfit", _("Recontact may not read the key file.")) from None


def _changed_ns() -> int:
    try:
        return path().stat().st_mtime_ns
    except OSError:
        raise Locked from None


def _parse(content: bytes) -> Keyring:
    """The keys of a file; a key whose name is not its own is refused, or it would wrap what nobody can open."""
    try:
        found = json.loads(content)
        keks = {bytes.fromhex(name): _key(text) for name, text in found["keys"].items()}
        index = {int(number): _key(text) for number, text in found["index"].items()}
        single = {name: _key(found[name]) for name in ("audit", "callback", "case")}
        current = bytes.fromhex(found["current"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise VaultError(
            "vault_key_file_unfit", _("The key file is not in the form Recontact writes.")
        ) from None
    if current not in keks or not index or any(kek_id(kek) != name for name, kek in keks.items()):
        raise VaultError("vault_key_file_unfit", _("The names in the key file do not fit its keys."))
    return Keyring(current, keks, index, **single)


def _key(text: str) -> bytes:
    key = b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("A key has 32 bytes.")
    return key


def _text(key: bytes) -> str:
    return b64encode(key).decode("ascii")
