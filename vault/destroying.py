"""Taking the keys off this machine in a hurry, so that what is left of it opens nothing; and trying that out.

Keys that a running process has read stay in its memory until it ends: the machine is switched off afterwards.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from audit import trail
from audit.actions import Action
from kernel.errors import DomainError
from vault import recovery
from vault.contents import Contents
from vault.offline import PrivateKey
from vault.providers import locking, private_files, provider

logger = logging.getLogger("recontact.vault")


@dataclass(frozen=True, slots=True)
class Destroyed:
    """Whether there were keys, and whether the trail could be told."""

    were_there: bool
    is_told: bool


@dataclass(frozen=True, slots=True)
class Drilled:
    """How long each step took, in milliseconds, and what stands in the way of doing it in earnest, if anything."""

    steps: tuple[tuple[str, int], ...]
    obstacle: DomainError | None


def present() -> Contents | None:
    """What this machine holds; None while it is locked or unfit."""
    try:
        return provider().contents()
    except DomainError:
        return None


def word_to_type() -> str:
    """What has to be typed: the id of the current key or, while nobody can read it, the name of the key file."""
    contents = present()
    return contents.current.hex() if contents else Path(settings.VAULT_KEY_FILE).name


def refuse_without_recovery() -> None:
    """Raise DomainError unless the keys are known to be off this machine, sealed to the recovery keys."""
    contents = present()
    is_safe = recovery.acknowledged(contents) if contents else recovery.last_is_acknowledged()
    if not is_safe:
        raise DomainError(
            "no_recovery",
            _(
                "Nobody has acknowledged that these keys are kept outside: without them everything sealed is lost."
            ),
            kept=_("Nothing was destroyed."),
            next_step=_(
                "Run vault_recovery_write, copy the files away and acknowledge them; or add --without-recovery."
            ),
        )


def destroy(*, now: datetime, by: UUID | None = None) -> Destroyed:
    """Lock the vault, overwrite and remove the keys; the trail is told before and after, if it can be told.

    A database that is away stops nothing. Raises DomainError where the keys are not this machine's to destroy.
    """
    is_told = _tell(Action.LOCAL_KEYS_DESTROYED, now, by, "begun", {"provider": provider().name})
    try:
        were_there = provider().destroy()
    except (DomainError, OSError):
        _tell(Action.LOCAL_KEYS_DESTROYED, now, by, "failed", {})
        raise
    outcome = "done" if were_there else "nothing there"
    return Destroyed(were_there, _tell(Action.LOCAL_KEYS_DESTROYED, now, by, outcome, {}) and is_told)


def drill(*, private: PrivateKey | None, now: datetime, by: UUID | None = None) -> Drilled:
    """Every step on a copy: lock, overwrite and remove, and open the recovery files if somebody's key is given."""
    steps: list[tuple[str, int]] = [_timed("lock", _try_the_lock)]
    steps += [_timed(f"destroy {file.name}", partial(_try_on_a_copy, file)) for file in _there()]
    obstacle = None
    try:
        steps.append(_timed("recovery", partial(_try_the_recovery, private)))
    except DomainError as refusal:
        obstacle = refusal
    detail = {
        "milliseconds": [spent for _name, spent in steps],
        "opened": private is not None,
    }
    _tell(Action.DRILLED, now, by, obstacle.code if obstacle else "done", detail)
    return Drilled(tuple(steps), obstacle)


def _there() -> list[Path]:
    return [file for file in provider().files() if file.exists()]


def _try_the_lock() -> None:
    beside = locking.marker().with_name(f"{locking.marker().name}.drill")
    beside.touch(mode=0o600)
    beside.unlink()


def _try_on_a_copy(file: Path) -> None:
    """In the same folder, for the same disk and the same rights."""
    # The name of something left over, so that a drill that was broken off is cleared up with the next change of keys.
    copy = file.with_name(f".{file.name}.drill.new")
    private_files.remove(copy)
    private_files.create(copy, private_files.read(file)[1])
    private_files.remove(copy)


def _try_the_recovery(private: PrivateKey | None) -> None:
    refuse_without_recovery()
    if private is None:
        return
    recovered, _written = recovery.opened_by(private)
    contents = present()
    if contents is not None and recovered.to_json() != contents.to_json():
        raise DomainError(
            "recovery_differs", _("The recovery file opens, but it holds other keys than this machine.")
        )


def _timed(name: str, step: Callable[[], None]) -> tuple[str, int]:
    begun = time.perf_counter()
    step()
    return name, round((time.perf_counter() - begun) * 1000)


def _tell(action: Action, at: datetime, by: UUID | None, outcome: str, detail: dict[str, Any]) -> bool:
    try:
        trail.record(action, by=by, at=at, outcome=outcome, detail=detail)
    except DatabaseError:
        logger.exception("The trail could not be told of %s (%s)", action.value, outcome)
        return False
    return True
