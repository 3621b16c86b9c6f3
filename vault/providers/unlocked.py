"""Keys that a passphrase opened, for all processes to read: a file in memory, gone when the machine stops.

It also keeps the key that the passphrase gave, so that a change of keys can seal the key file again without asking.
"""

import hashlib
import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from vault import contents as changes
from vault.contents import Contents
from vault.errors import VaultError
from vault.passphrases import SealingKey
from vault.providers import private_files
from vault.providers.loading import Opened

MOUNTS = Path("/proc/mounts")
IN_MEMORY = frozenset({"tmpfs", "ramfs"})


@dataclass(frozen=True, slots=True, repr=False)
class Unlocked:
    """What an unlocking left: the keys, the key to seal them again, and from when until when."""

    contents: Contents
    sealing_key: SealingKey
    since: datetime
    until: datetime


def folder() -> Path:
    """VAULT_UNLOCKED_DIR, or a folder of this account in /dev/shm.

    Not $XDG_RUNTIME_DIR: who unlocks from a terminal often has one, the service has none, and they would never meet.
    """
    return Path(settings.VAULT_UNLOCKED_DIR or f"/dev/shm/recontact-{os.geteuid()}")  # noqa: S108  # nosec B108


def path() -> Path:
    """One file per key file: two installations of one account keep out of each other's way."""
    return _path(folder(), settings.VAULT_KEY_FILE)


@lru_cache(maxsize=4)
def _path(place: Path, key_file: str) -> Path:
    """Asked at every use of a key."""
    name = hashlib.sha256(str(Path(key_file).absolute()).encode()).hexdigest()[:16]
    return place / f"unlocked-{name}"


def write(found: Unlocked) -> None:
    """Hand the keys to all processes; raises DomainError for a folder that is not in memory or not ours."""
    refuse_a_folder_on_disk(folder())
    private_files.make_folder(folder())
    private_files.replace(path(), _to_json(found))


def read() -> Unlocked:
    """What the last unlocking left; raises Locked without one. Whether its time is over is for the caller to ask."""
    return parse(private_files.read(path())[1])


def remove() -> bool:
    """Overwrite and remove it; False when there was none."""
    return private_files.remove(path())


def opened(content: bytes) -> Opened:
    """The keys and their time, as the loader takes them."""
    found = parse(content)
    return Opened(found.contents, found.since, found.until)


def parse(content: bytes) -> Unlocked:
    try:
        found = json.loads(content)
        key = SealingKey(b64decode(found["header"]), b64decode(found["sealing_key"]))
        since, until = (datetime.fromisoformat(found[name]) for name in ("since", "until"))
        keys = json.dumps(found["keys"]).encode()
    except (ValueError, KeyError, TypeError):
        raise VaultError(
            "vault_key_file_unfit", _("What the unlocking left is unfit: unlock again.")
        ) from None
    return Unlocked(changes.from_json(keys), key, since, until)


def refuse_a_folder_on_disk(target: Path) -> None:
    """Raise DomainError unless what is put into the folder stays in memory."""
    if target.is_symlink() or not is_in_memory(target, _mounts()):
        raise DomainError(
            "unlocked_folder_on_disk",
            _("The folder %(folder)s is not in memory: unlocked keys would be written to a disk.")
            % {"folder": target},
            next_step=_("Set VAULT_UNLOCKED_DIR to a folder on a tmpfs, such as one in /dev/shm or /run."),
        )


def is_in_memory(target: Path, mounts: str) -> bool:
    """Whether the file system that holds a folder is a tmpfs, by the lines of /proc/mounts."""
    real = target.resolve()
    kind = ""
    longest = -1
    for line in mounts.splitlines():
        _device, where, type_, *_rest = line.split(" ")
        # /proc/mounts writes a blank as \040; a later mount lies over an earlier one at the same place.
        point = Path(where.encode().decode("unicode_escape"))
        if real.is_relative_to(point) and len(point.parts) >= longest:
            kind, longest = type_, len(point.parts)
    return kind in IN_MEMORY


def _mounts() -> str:
    """Empty where there is no such list: then nothing is taken to be in memory."""
    try:
        return MOUNTS.read_text()
    except OSError:
        return ""


def _to_json(found: Unlocked) -> bytes:
    whole = {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "header": b64encode(found.sealing_key.header).decode(),
        "sealing_key": b64encode(found.sealing_key.key).decode(),
        "keys": json.loads(found.contents.to_json()),
    }
    return json.dumps(whole).encode()
