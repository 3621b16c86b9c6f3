"""What this process has read of the keys, and when it looks again."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kernel import clock
from vault.contents import Contents
from vault.errors import Locked
from vault.keyring import LocalKeyring
from vault.providers import locking, private_files
from vault.providers.private_files import Stamp

RECHECK_SECONDS = 30
CLOCKS_STEP = timedelta(minutes=1)
"""A clock that is put right may go back a little."""


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """The contents of one version of a file, and the time in which they may be used, if it is limited."""

    contents: Contents
    since: datetime | None = None
    until: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether the time has passed; a clock that was set back behind the beginning makes it so too."""
        if self.since is None or self.until is None:
            return False
        return not self.since - CLOCKS_STEP <= now < self.until


Read = Callable[[bytes], Opened]
"""Makes sense of a file's bytes; raises Locked or VaultError."""


@dataclass(frozen=True, slots=True, repr=False)
class Loaded:
    """What this process last read, and when it last looked at the file."""

    path: Path
    process: int
    stamp: Stamp
    looked_at: float
    opened: Opened
    ring: LocalKeyring


_loaded: dict[str, Loaded] = {}


def forget() -> None:
    """Read the file anew at the next use."""
    _loaded.clear()


def keyring(path: Path, read: Read, *, fresh: bool = False) -> LocalKeyring:
    """The keys. The lock and the time are looked at in every use, the file every 30 seconds or when `fresh`.

    Raises Locked when the vault is locked, or there is no file, or its time is over; VaultError for an unfit file.
    """
    return _usable(path, read, fresh=fresh).ring


def contents(path: Path, read: Read) -> Contents:
    """What the file holds now; raises as `keyring`."""
    return _usable(path, read, fresh=True).opened.contents


def _usable(path: Path, read: Read, *, fresh: bool) -> Loaded:
    if locking.is_locked():
        forget()
        raise Locked
    known = _known(path, read, fresh)
    if known.opened.is_over(clock.wall()):
        forget()
        raise Locked
    return known


def _known(path: Path, read: Read, fresh: bool) -> Loaded:
    known = _loaded.get("keys")
    now = time.monotonic()
    # A forked process loads its own: what its parent had read is not carried over.
    if known is None or known.path != path or known.process != os.getpid():
        return _load(path, read, now)
    if not fresh and now - known.looked_at < RECHECK_SECONDS:
        return known
    if private_files.stamp(path) != known.stamp:
        return _load(path, read, now)
    return _keep(Loaded(path, known.process, known.stamp, now, known.opened, known.ring))


def _load(path: Path, read: Read, now: float) -> Loaded:
    stamp, content = private_files.read(path)
    opened = read(content)
    return _keep(Loaded(path, os.getpid(), stamp, now, opened, LocalKeyring(opened.contents)))


def _keep(loaded: Loaded) -> Loaded:
    _loaded["keys"] = loaded
    return loaded
