"""Whether keys lie where nobody else can reach them, and apart from what they open."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from kernel.errors import DomainError
from vault.providers import locking, private_files, unlocked

OTHERS_WRITE = 0o022
SWAPS = Path("/proc/swaps")


def of_key_file(path: Path) -> list[CheckMessage]:
    """What is wrong with a key file, or with where it lies."""
    path = path.absolute()
    return [*_presence(path), *_kind(path), *_folder(path), *_inside(path), *_beside_data(path), *of_lock()]


def of_unlocked(folder: Path) -> list[CheckMessage]:
    """What is wrong with the place for unlocked keys."""
    found: list[CheckMessage] = []
    try:
        unlocked.refuse_a_folder_on_disk(folder)
        if folder.exists():
            private_files.make_folder(folder)
    except DomainError as refusal:
        found.append(Error(str(refusal.sentence), hint=str(refusal.next_step), id="vault.E011"))
    if settings.VAULT_AUTO_LOCK_MINUTES < 1:
        hint = "Set VAULT_AUTO_LOCK_MINUTES to 1 or more; 720 are twelve hours."
        found.append(Error("The vault would lock as soon as it is unlocked.", hint=hint, id="vault.E016"))
    if _swaps_to_a_disk():
        found.append(
            Warning(
                "This machine may write memory to a disk (swap), and unlocked keys with it.",
                hint="Turn swap off, or encrypt it.",
                id="vault.W004",
            )
        )
    return found


def of_environment() -> list[CheckMessage]:
    """What is wrong with keys that the service manager hands over."""
    found: list[CheckMessage] = []
    if settings.DEBUG and os.environ.get("VAULT_KEYS"):
        found.append(
            Error(
                "The keys are in the environment and DEBUG is on: pages about errors would print them.",
                hint="Set DEBUG=0, or hand the keys over as a credential (VAULT_KEYS_CREDENTIAL).",
                id="vault.E012",
            )
        )
    if not settings.VAULT_LOCK_FILE:
        found.append(
            Error(
                "There is no place for the lock of the vault.",
                hint="Set VAULT_LOCK_FILE to a file in a folder of Recontact's own account that outlives a restart.",
                id="vault.E013",
            )
        )
        return found
    return [*found, *of_lock()]


def of_lock() -> list[CheckMessage]:
    """Whether the vault could be locked at all."""
    folder = locking.marker().absolute().parent
    if not settings.VAULT_LOCK_FILE and not folder.exists():
        return []
    if folder.is_dir() and os.access(folder, os.W_OK):
        return []
    hint = "Make that folder, writable for Recontact's account, or set VAULT_LOCK_FILE to another place."
    return [Warning(f"The vault cannot be locked by command: {folder}.", hint=hint, id="vault.W002")]


def _presence(path: Path) -> Iterator[CheckMessage]:
    if not os.path.lexists(path):
        hint = "Run `manage.py vault_init` to make one, or put a recovery copy there."
        yield Warning(f"There is no key file at {path}: the vault stays locked.", hint=hint, id="vault.W001")


def _kind(path: Path) -> Iterator[CheckMessage]:
    if not os.path.lexists(path):
        return
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        hint = "Put the file itself there, or set VAULT_KEY_FILE to where it is."
        yield Error(f"{path} is a link or no file: it could be exchanged.", hint=hint, id="vault.E008")
        return
    if found.st_uid != os.geteuid():
        hint = "Run this as the account that Recontact runs as, or chown the file to it."
        yield Error(f"{path} belongs to another account.", hint=hint, id="vault.E007")
    if stat.S_IMODE(found.st_mode) & private_files.OTHERS:
        hint = "Run chmod 400 on it."
        yield Error(f"Other accounts of this machine can read {path}.", hint=hint, id="vault.E002")


def _folder(path: Path) -> Iterator[CheckMessage]:
    folder = path.parent
    if folder.is_dir() and stat.S_IMODE(folder.stat().st_mode) & OTHERS_WRITE:
        hint = "Run chmod 700 on it."
        yield Error(f"Other accounts can exchange what is in {folder}.", hint=hint, id="vault.E009")


def _inside(path: Path) -> Iterator[CheckMessage]:
    if path.resolve().is_relative_to(Path(settings.BASE_DIR).resolve()) and not settings.RECONTACT_DEMO:
        yield Error(
            f"The key file {path} is inside the program's folder, where copies and backups pick it up.",
            hint="Set VAULT_KEY_FILE to a place of its own.",
            id="vault.E003",
        )


def _beside_data(path: Path) -> Iterator[CheckMessage]:
    real = path.resolve()
    if any(real.is_relative_to(folder) for folder in _folders_of(settings.DATABASES.values())):
        yield Error(
            f"The key file {path} is in the folder of a database: one stolen folder holds both.",
            hint="Set VAULT_KEY_FILE to a folder of its own.",
            id="vault.E004",
        )
    for setting in ("BACKUP_DIR", "VAULT_COPY_DIR"):
        copies = getattr(settings, setting, "")
        if copies and real.is_relative_to(Path(copies).resolve()):
            yield Error(
                f"The key file {path} is in the folder of copies of a database: one stolen folder holds both.",
                hint=f"Set VAULT_KEY_FILE or {setting} to another folder.",
                id="vault.E010",
            )


def _folders_of(databases: Iterable[dict[str, Any]]) -> set[Path]:
    """The folders of databases that are files; one in memory has none."""
    files = (str(database["NAME"]) for database in databases if "sqlite3" in database["ENGINE"])
    return {Path(name).resolve().parent for name in files if not name.startswith((":memory:", "file:"))}


def _swaps_to_a_disk() -> bool:
    try:
        lines = SWAPS.read_text().splitlines()[1:]
    except OSError:
        return False
    return any(line.strip() and "zram" not in line.split()[0] for line in lines)
