"""Putting a backup back: what is asked for or nothing, verified before, and looked at afterwards."""

import json
import sqlite3
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from audit import anchors, trail, verifying
from audit.actions import Action
from casework.erased_before import ErasedAgain, erase_again
from casework.trail_upkeep import audit_mac
from config.backups import engines, refusing
from config.backups.manifest import FOLDERS, Manifest
from kernel import own_files
from kernel.errors import DomainError

BY_CHOICE = {"both": ("vault", "default"), "main": ("default",), "vault": ("vault",)}
"""Keys first in."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what still has to be done. `keys_are_there` None: nobody can tell."""

    made_at: datetime
    databases: tuple[str, ...]
    keys_are_there: bool | None
    erased_again: ErasedAgain | None
    fits_counts: bool
    is_trail_untouched: bool

    @property
    def is_well(self) -> bool:
        is_erased = self.erased_again is None or self.erased_again.is_done
        return self.keys_are_there is True and self.fits_counts and is_erased and self.is_trail_untouched


def restore(
    *,
    folder: Path,
    into: str,
    now: datetime,
    wall: datetime,
    force_empty_first: bool = False,
    take_unproven: bool = False,
) -> Restored:
    """Put the copies of `into` (both, main, vault) back; when one cannot be, the others stay as they were.

    Raises `backup_unreadable`, `backup_damaged`, `backup_unproven`, `backup_other_pair`, `backup_other_engine`,
    `backup_newer`, `backup_needs_keys`, `restore_not_empty`, `restore_while_running`, `restore_failed`.
    """
    kept = refusing.verified(folder, BY_CHOICE[into])
    if not take_unproven:
        refusing.refuse_what_is_not_ours(kept)
    are_there = refusing.keys_are_there(kept)
    refusing.refuse_a_running_one(wall)
    if not force_empty_first:
        refusing.refuse_what_is_not_empty(kept)
    _put_all(folder, kept)
    return _looked_at(kept, are_there, now)


def _put_all(folder: Path, kept: dict[str, Manifest]) -> None:
    """All of them, or each as it was before."""
    with ExitStack() as undoing:
        before = {alias: _as_it_is(alias, undoing) for alias in kept}
        done: list[str] = []
        try:
            for alias, one in kept.items():
                done.append(alias)
                engines.put(alias, folder / FOLDERS[alias] / one.file)
        except (DomainError, DatabaseError, sqlite3.Error, OSError) as reason:
            for alias in done:
                engines.put(alias, before[alias])
            raise DomainError(
                "restore_failed",
                _("The backup could not be put back: %(why)s.") % {"why": reason},
                kept=_("Both databases are as they were before."),
                next_step=_("Look at the disk and at the log, then try again or use another backup."),
            ) from None


def _as_it_is(alias: str, undoing: ExitStack) -> Path:
    place = Path(tempfile.mkdtemp(prefix="recontact-before-"))
    # It holds wrapped keys that the copy put in its place may have been made to be without.
    undoing.callback(own_files.clear_away, place)
    target = place / engines.file_name(alias)
    engines.copy(alias, target)
    return target


def _looked_at(kept: dict[str, Manifest], keys_are_there: bool | None, now: datetime) -> Restored:
    is_fitting = all(_fits(alias, one) for alias, one in kept.items())
    for alias in kept:
        # A copy of an older version gets what was added to its tables since.
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    main = kept.get("default")
    is_untouched = main is None or _is_trail_untouched(main, now)
    again = _after_the_main_one(now) if main else None
    return Restored(
        made_at=min(one.made_at for one in kept.values()),
        databases=tuple(FOLDERS[alias] for alias in kept),
        keys_are_there=keys_are_there,
        erased_again=again,
        fits_counts=is_fitting,
        is_trail_untouched=is_untouched,
    )


def _fits(alias: str, one: Manifest) -> bool:
    there = engines.rows(alias)
    return all(there.get(table) == n for table, n in one.rows.items())


def _is_trail_untouched(main: Manifest, now: datetime) -> bool:
    """Whether the trail in the copy fits its seals, and the anchor of its manifest; without keys, as far as can be."""
    try:
        mac = audit_mac()
    except DomainError:
        mac = None
    known = [anchors.read(json.dumps({"anchor": main.anchor}))] if main.anchor else []
    return not verifying.verify(mac=mac, now=now, anchors=known).is_tampered


def _after_the_main_one(now: datetime) -> ErasedAgain:
    """Sessions of back then are ended; whoever was erased since is erased again; the trail says that time went back."""
    Session.objects.all().delete()
    again = erase_again(now=now)
    with transaction.atomic():
        trail.record(Action.RESTORED, by=None, at=now, detail={"erased_again": again.without_key})
    return again
