"""What goes with each copy: its digest, its rows, the state of its tables, and the names of the keys it needs."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from audit.canonical import Mac
from kernel import own_files
from kernel.errors import DomainError

NAME = "manifest.json"
FORM = 1
CHUNK = 1 << 20
PURPOSE = b"recontact/backup/v1|"
FOLDERS = {"default": "main", "vault": "vault"}
"""The sub-folder of each database: they are moved to different places."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One copy. `pair` is the same in both manifests of a backup; `kek_ids` and `anchor` belong to one of them each.

    `proof` is made with the audit key, which whoever keeps the copies does not have; "" while the vault is locked.
    """

    form: int
    pair: str
    at: str
    database: str
    engine: str
    file: str
    bytes: int
    sha256: str
    rows: dict[str, int]
    migrations: list[str]
    kek_ids: list[str]
    anchor: dict[str, Any] | None
    proof: str = ""

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.at)


def body(manifest: Manifest) -> bytes:
    """What the proof is over: everything else, in one way of writing it."""
    return PURPOSE + json.dumps(asdict(replace(manifest, proof="")), sort_keys=True).encode()


def proven(manifest: Manifest, mac: Mac) -> Manifest:
    """The manifest with its proof."""
    return replace(manifest, proof=mac(body(manifest)).hex())


def is_proven(manifest: Manifest, mac: Mac) -> bool:
    """Whether the proof was made here, over this very manifest."""
    return hmac.compare_digest(manifest.proof, mac(body(manifest)).hex())


def write(folder: Path, manifest: Manifest) -> None:
    target = folder / NAME
    own_files.make(target)
    target.write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
    own_files.settle(target)


def read(folder: Path) -> Manifest:
    """The manifest of a copy. Raises `backup_unreadable`."""
    try:
        manifest = Manifest(**json.loads((folder / NAME).read_text(encoding="utf-8")))
        manifest.made_at  # noqa: B018  (a date that is none is refused here)
    except (OSError, ValueError, TypeError):
        raise _refused(
            "backup_unreadable",
            _("%(folder)s holds no copy that Recontact made: its manifest is missing or unreadable.")
            % {"folder": folder.name},
        ) from None
    if manifest.form != FORM or Path(manifest.file).name != manifest.file:
        raise _refused(
            "backup_unreadable", _("The manifest in %(folder)s is of another form.") % {"folder": folder.name}
        )
    return manifest


def check(folder: Path, manifest: Manifest) -> None:
    """Whether the file is the one the manifest tells of. Raises `backup_damaged`."""
    path = folder / manifest.file
    try:
        is_whole = path.stat().st_size == manifest.bytes and hmac.compare_digest(
            digest(path), manifest.sha256
        )
    except OSError:
        is_whole = False
    if not is_whole:
        raise _refused(
            "backup_damaged",
            _("The copy in %(folder)s is not the one that was made: it is cut short, damaged or exchanged.")
            % {"folder": folder.name},
        )


def digest(path: Path) -> str:
    """SHA-256 of a file, in constant memory."""
    total = hashlib.sha256()
    with path.open("rb") as opened:
        while some := opened.read(CHUNK):
            total.update(some)
    return total.hexdigest()


def _refused(code: str, sentence: str) -> DomainError:
    return DomainError(code, sentence, kept=_("No database was touched."), next_step=_("Use another backup."))
