"""A copy of the vault's database, and the proof that every key in it opens without the epoch key that is to go.

On SQLite it is a database file. On PostgreSQL it is a text that `psql` reads into a migrated, empty database.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext_lazy as _

from kernel import own_files
from kernel.errors import DomainError
from vault import providers
from vault.errors import KeyMissing
from vault.models import IndexKeyState, KekState, PhoneBucket, RefusedNumber, SubjectKey
from vault.primitives import Broken

VAULT = "vault"
END = b"-- whole\n"
KEPT = (SubjectKey, PhoneBucket, RefusedNumber, KekState, IndexKeyState)
"""What a copy has: all that the vault holds, but for which processes are running."""
KEY_COLUMNS = ("subject", "generation", "kek_id", "wrapped")

Key = tuple[UUID, int, bytes, bytes]
"""Subject and generation, the epoch key, and the wrapped key."""


class CopyUnfit(DomainError):
    """A copy of the vault in which a key does not open."""

    def __init__(self) -> None:
        super().__init__(
            "vault_copy_unfit",
            _("A copy of the vault was made, and not every key in it opens."),
            kept=_("The old key is kept, and nothing is lost."),
            next_step=_("Look at the disk, then run manage.py vault_rotate again."),
        )


def make_and_prove(*, current: bytes, leaving: bytes) -> int:
    """Copy the vault and open every key of the copy without `leaving`; how many there are.

    The copy stays in VAULT_COPY_DIR under the name of the current epoch key, or goes when there is no such folder.
    Raises CopyUnfit, and DomainError when it cannot be written.
    """
    with _place(current) as target:
        _written(target)
        return _opened(target, leaving)


def remove_of(kek_id: bytes) -> None:
    """Take away the copy that was made under an epoch key, since nothing in it can be opened any more."""
    if settings.VAULT_COPY_DIR:
        _named(Path(settings.VAULT_COPY_DIR), kek_id).unlink(missing_ok=True)


@contextmanager
def _place(kek_id: bytes) -> Iterator[Path]:
    """Where to write; what was written takes its name when all was well."""
    try:
        if not settings.VAULT_COPY_DIR:
            with tempfile.TemporaryDirectory(prefix="recontact-vault-") as folder:
                yield _named(Path(folder), kek_id)
            return
        target = _named(Path(settings.VAULT_COPY_DIR), kek_id)
        begun = target.with_suffix(".begun")
        begun.unlink(missing_ok=True)
        yield begun
        begun.replace(target)
    except OSError:
        raise DomainError(
            "vault_copy_not_written",
            _("The copy of the vault could not be written."),
            kept=_("The old key is kept, and nothing is lost."),
            next_step=_(
                "Set VAULT_COPY_DIR to a folder of its own that Recontact may write into, with room in it."
            ),
        ) from None


def _named(folder: Path, kek_id: bytes) -> Path:
    return folder / f"vault-{kek_id.hex()}.{'sql' if _is_postgres() else 'sqlite3'}"


def _is_postgres() -> bool:
    return connections[VAULT].vendor == "postgresql"


def _written(target: Path) -> None:
    own_files.make(target)
    if _is_postgres():
        _write_text(target)
    else:
        _write_database(target)
    own_files.settle(target)


def _opened(target: Path, leaving: bytes) -> int:
    """Every key of the copy, unwrapped; how many."""
    ring, found = providers.keyring(), 0
    try:
        for subject, generation, kek_id, wrapped in (
            _in_text(target) if _is_postgres() else _in_database(target)
        ):
            if kek_id == leaving:
                raise CopyUnfit
            ring.unwrap(kek_id, wrapped, subject=subject, generation=generation)
            found += 1
    except (Broken, KeyMissing, ValueError, sqlite3.Error):
        raise CopyUnfit from None
    return found


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _write_database(target: Path) -> None:
    if connections[VAULT].in_atomic_block:
        raise RuntimeError("A vault that is being written to is never done with being copied.")
    connections[VAULT].ensure_connection()
    try:
        with closing(sqlite3.connect(target)) as copy:
            connections[VAULT].connection.backup(copy)
            # One file, without a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error:
        raise OSError from None


def _in_database(target: Path) -> Iterator[Key]:
    with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as copy:
        columns = ", ".join(KEY_COLUMNS)
        for subject, *rest in copy.execute(f"SELECT {columns} FROM {SubjectKey._meta.db_table}"):  # noqa: S608  # nosec B608
            generation, kek_id, wrapped = rest
            yield UUID(hex=subject), generation, kek_id, wrapped


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _write_text(target: Path) -> None:
    with target.open("wb") as out, connections[VAULT].cursor() as cursor:
        for model in KEPT:
            table = model._meta.db_table
            columns = KEY_COLUMNS if model is SubjectKey else ()
            every = [str(field.column) for field in model._meta.local_concrete_fields]
            _write_table(cursor, out, table, [*columns, *(one for one in every if one not in columns)])
        out.write(END)


def _write_table(cursor: Any, out: IO[bytes], table: str, columns: list[str]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    out.write(f'COPY "{table}" ({names}) FROM stdin;\n'.encode("ascii"))
    with cursor.copy(f'COPY "{table}" ({names}) TO STDOUT') as rows:
        for some in rows:
            out.write(some)
    out.write(b"\\.\n")
    if "id" in columns:
        counted = f"pg_get_serial_sequence('\"{table}\"', 'id')"
        again = f'SELECT setval({counted}, (SELECT max(id) FROM "{table}"));\n'  # noqa: S608  # nosec B608
        out.write(again.encode("ascii"))


def _in_text(target: Path) -> Iterator[Key]:
    start = f'COPY "{SubjectKey._meta.db_table}" '.encode("ascii")
    with target.open("rb") as lines:
        is_here, last = False, b""
        for last in lines:
            if last.startswith((start, b"\\.")):
                is_here = last.startswith(start)
            elif is_here:
                subject, generation, kek_id, wrapped = last.split(b"\t")[: len(KEY_COLUMNS)]
                yield UUID(subject.decode()), int(generation), _bytes(kek_id), _bytes(wrapped)
    if last != END:
        raise ValueError("The copy is cut short.")


def _bytes(text: bytes) -> bytes:
    """COPY writes bytes as hexadecimal after an escaped backslash and an x."""
    return bytes.fromhex(text.decode("ascii").removeprefix("\\\\x"))
