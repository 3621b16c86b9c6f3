"""Making a backup: both databases into a folder of their own, never the keys."""

import uuid
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from audit import anchors, trail
from audit.actions import Action
from casework import trail_upkeep
from config.backups import engines, manifest
from config.backups.manifest import FOLDERS, FORM, Manifest
from kernel.errors import DomainError
from vault.models import SubjectKey

ORDER = ("default", "vault")
"""The main database first: a key without its row is swept, and a row without its key could never be opened."""


def backup(*, folder: Path, now: datetime) -> list[Manifest]:
    """Copy both databases into `folder`, which is new or empty, each into a sub-folder with its manifest.

    Raises `backup_folder`, `backup_beside_keys`, `backup_failed`, `no_postgres_programs`.
    """
    refuse_a_folder_near_keys(folder)
    _make(folder)
    pair = str(uuid.uuid4())
    # Sealed first, as far as may be, so that the anchor in the manifest knows of all that is in the copy.
    trail_upkeep.run(now)
    try:
        made = [_copied(alias, folder / FOLDERS[alias], pair, now) for alias in ORDER]
    except (OSError, DatabaseError) as reason:
        raise DomainError(
            "backup_failed",
            _("The copy could not be made: %(why)s.") % {"why": reason},
            kept=_("What is in the folder is not a backup; delete it."),
            next_step=_("Look at the disk and at /readyz, then begin with an empty folder."),
        ) from None
    with transaction.atomic():
        trail.record(Action.BACKED_UP, by=None, at=now, detail={"what": "backup", "rows": _rows(made)})
    return made


def refuse_a_folder_near_keys(folder: Path) -> None:
    """Keys and copies are never found together: not in one folder, not side by side. Raises `backup_beside_keys`."""
    real = folder.absolute().resolve()
    for kept in _folders_with_keys():
        if kept.is_relative_to(real) or real.is_relative_to(kept) or real.parent == kept:
            raise DomainError(
                "backup_beside_keys",
                _("Keys are kept in this folder or beside it: one stolen folder would hold both."),
                kept=_("Nothing was written."),
                next_step=_("Choose a folder elsewhere, best on another disk."),
            )


def migrations_of(alias: str) -> list[str]:
    """The state of the tables, as names of migrations."""
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def kek_ids() -> list[str]:
    """The epoch keys without which something in the vault does not open."""
    found = SubjectKey.objects.order_by().values_list("kek_id", flat=True).distinct()
    return sorted({bytes(one).hex() for one in found})


def _copied(alias: str, folder: Path, pair: str, now: datetime) -> Manifest:
    folder.mkdir(mode=0o700)
    target = folder / engines.file_name(alias)
    # Asked before and after: a key that was changed while the copy was made is named too.
    before = kek_ids() if alias == "vault" else []
    anchor = anchors.latest() if alias == "default" else None
    rows = engines.copy(alias, target)
    after = kek_ids() if alias == "vault" else []
    made = Manifest(
        form=FORM,
        pair=pair,
        at=now.isoformat(),
        database=FOLDERS[alias],
        engine=connections[alias].vendor,
        file=target.name,
        bytes=target.stat().st_size,
        sha256=manifest.digest(target),
        rows=rows,
        migrations=migrations_of(alias),
        kek_ids=sorted({*before, *after}),
        anchor=anchor.as_manifest() if anchor else None,
    )
    made = _proven(made)
    manifest.write(folder, made)
    return made


def _proven(made: Manifest) -> Manifest:
    """With its proof; without one while the vault is locked."""
    try:
        return manifest.proven(made, trail_upkeep.audit_mac())
    except DomainError:
        return made


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        is_empty = not any(folder.iterdir())
    except OSError as reason:
        raise _unfit(_("The folder cannot be made: %(why)s.") % {"why": reason.strerror}) from None
    if not is_empty:
        raise _unfit(_("There is something in the folder already, and no backup is written over anything."))


def _unfit(sentence: str) -> DomainError:
    return DomainError(
        "backup_folder", sentence, kept=_("Nothing was written."), next_step=_("Name a new folder.")
    )


def _folders_with_keys() -> list[Path]:
    """Where the key file is, and what is made of it."""
    named = (settings.VAULT_KEY_FILE and Path(settings.VAULT_KEY_FILE).parent, settings.VAULT_RECOVERY_DIR)
    folders = [Path(one) for one in (*named, settings.VAULT_UNLOCKED_DIR) if one]
    return [one.absolute().resolve() for one in folders]


def _rows(made: list[Manifest]) -> int:
    return sum(sum(one.rows.values()) for one in made)
