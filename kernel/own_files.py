"""Files that only the application's own account may read, and that outlive a power cut once they are written."""

import os
from pathlib import Path

ONLY_OURS = 0o600


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
