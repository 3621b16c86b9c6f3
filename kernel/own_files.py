"""Files that only the application's own account may read, and that outlive a power cut once they are written."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

ONLY_OURS = 0o600
PIECE = 1 << 20


def make(target: Path) -> None:
    """An empty file, mode 0600. Never takes the place of one: raises FileExistsError, for a link too."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OURS))


def settle(target: Path) -> None:
    """Wait until what was written is on the disk."""
    descriptor = os.open(target, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def clear_away(folder: Path) -> None:
    """Overwrite every file of a folder of our own, then remove it with all that is in it.

    Best effort: a disk of flash cells or a file system that copies on write may keep the former bytes.
    """
    for target in folder.rglob("*"):
        if target.is_file() and not target.is_symlink():
            with suppress(OSError):
                _overwrite(target)
    shutil.rmtree(folder, ignore_errors=True)


def _overwrite(target: Path) -> None:
    with target.open("r+b", buffering=0) as former:
        left = os.fstat(former.fileno()).st_size
        while left > 0:
            left -= former.write(bytes(min(left, PIECE)))
        os.fsync(former.fileno())
