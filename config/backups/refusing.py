"""What is asked before a backup is put back: whether it is whole, ours, of this kind, and whether there is room."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from casework.trail_upkeep import audit_mac
from config.backups import engines, manifest
from config.backups.manifest import FOLDERS, Manifest
from config.marks import Mark, age
from kernel.errors import Conflict, DomainError
from vault import providers

MADE_BY_THEMSELVES = frozenset(
    {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}
)
"""Tables that a fresh migration fills; rows in them make no database anybody's."""
RUNNING = timedelta(seconds=60)


def verified(folder: Path, aliases: Iterable[str]) -> dict[str, Manifest]:
    """The manifests of these copies, made together and each fit for its database; see `restore` for what is raised."""
    kept = {alias: _fit(alias, folder / FOLDERS[alias]) for alias in aliases}
    if len({one.pair for one in kept.values()}) > 1:
        raise _refused("backup_other_pair", _("The two copies were not made together."))
    return kept


def _fit(alias: str, folder: Path) -> Manifest:
    found = manifest.read(folder)
    manifest.check(folder, found)
    if found.database != FOLDERS[alias] or found.engine != connections[alias].vendor:
        raise _refused(
            "backup_other_engine",
            _("The copy in %(folder)s is of another kind of database than the one that the settings name.")
            % {"folder": folder.name},
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}
    ours = {one for one in found.migrations if one.split(".")[0] in {name.split(".")[0] for name in known}}
    if ours - known:
        raise _refused("backup_newer", _("The copy was made by a newer version of Recontact than this one."))
    return found


def refuse_what_is_not_ours(kept: dict[str, Manifest]) -> None:
    """While the keys are away nobody can tell, and it goes on: on a new machine they may come last."""
    try:
        mac = audit_mac()
    except DomainError:
        return
    if not all(manifest.is_proven(one, mac) for one in kept.values()):
        raise DomainError(
            "backup_unproven",
            _(
                "Nobody can tell whether this copy is the one that was made: its manifest has no proof, or a wrong one."
            ),
            kept=_("No database was touched."),
            next_step=_(
                "Somebody may have changed it. If it was made while the vault was locked, and you know who kept it "
                "since, add --take-unproven."
            ),
        )


def keys_are_there(kept: dict[str, Manifest]) -> bool | None:
    """Whether the provider has every key that the copy of the vault needs; None while nobody can tell.

    Raises `backup_needs_keys` when it lacks one.
    """
    if "vault" not in kept:
        return True
    try:
        there = {one.hex() for one in providers.keyring(fresh=True).kek_ids}
    except DomainError:
        return None
    if set(kept["vault"].kek_ids) - there:
        raise _without_keys()
    return True


def refuse_a_running_one(wall: datetime) -> None:
    try:
        last = age(Mark.BEAT, wall)
    except DatabaseError:
        return
    if last is not None and last < RUNNING:
        raise Conflict(
            "restore_while_running",
            _("Recontact is running on these databases."),
            kept=_("No database was touched."),
            next_step=_("Stop it, wait for a minute, and restore then."),
        )


def refuse_what_is_not_empty(aliases: Iterable[str]) -> None:
    for alias in aliases:
        held = {table for table, n in engines.rows(alias).items() if n} - MADE_BY_THEMSELVES
        if held:
            raise Conflict(
                "restore_not_empty",
                _("There is data in the %(database)s database.") % {"database": FOLDERS[alias]},
                kept=_("No database was touched."),
                next_step=_(
                    "Restore into new, empty databases, or add --force-empty-first: what is in them is lost then."
                ),
            )


def _refused(code: str, sentence: str) -> DomainError:
    return DomainError(code, sentence, kept=_("No database was touched."), next_step=_("Use another backup."))


def _without_keys() -> DomainError:
    return Conflict(
        "backup_needs_keys",
        _(
            "This copy of the vault was made before the last change of keys. The keys it needs are destroyed, so that "
            "nobody erased can come back: nothing in it can be opened any more."
        ),
        kept=_("No database was touched."),
        next_step=_(
            "Put back the main database alone beside the vault of today, with --into main; or a backup made since."
        ),
    )
