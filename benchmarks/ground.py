"""An installation in a folder that goes again: its environment has to be set before Django reads settings."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass(frozen=True, slots=True)
class Pair:
    """Where the two databases of an installation are."""

    main: str
    vault: str

    @classmethod
    def in_files(cls, folder: Path) -> "Pair":
        return cls(f"sqlite:///{folder}/main.sqlite3", f"sqlite:///{folder}/vault.sqlite3")


@contextmanager
def empty_installation(gateway: str = "simulator") -> Iterator[None]:
    """Django set up on two fresh SQLite files, migrated, with keys; as settings.py runs them for people."""
    with (
        TemporaryDirectory(prefix="recontact-bench-") as name,
        installation(Pair.in_files(Path(name)), gateway),
    ):
        migrate()
        yield


@contextmanager
def installation(databases: Pair, gateway: str = "simulator") -> Iterator[None]:
    """Django set up on these two databases, with keys of its own; once in the life of a process.

    `BENCH_KEYS` names a folder whose keys are used, or made, and stay: for a panel that is measured more than once.
    """
    with ExitStack() as stack:
        named = os.environ.get("BENCH_KEYS")
        folder = Path(named or stack.enter_context(TemporaryDirectory(prefix="recontact-bench-keys-")))
        folder.chmod(0o700)
        os.environ |= _environment(databases, folder / "vault-keys.json", gateway)
        _set_up(folder / "vault-keys.json")
        yield
        _let_go()


def migrate() -> None:
    """All tables of both databases."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("migrate", database="vault", verbosity=0)
    call_command("createcachetable", verbosity=0)


def _environment(databases: Pair, keys: Path, gateway: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DEBUG": "0",
        "RECONTACT_DEMO": "0",
        "LOG_LEVEL": "WARNING",
        "GATEWAY": gateway,
        "DATABASE_URL": databases.main,
        "VAULT_DATABASE_URL": databases.vault,
        "VAULT_KEY_PROVIDER": "file",
        "VAULT_KEY_FILE": str(keys),
        # Nobody else is there whom a change of keys would have to wait for.
        "VAULT_HEARTBEAT": "0",
    }


def _set_up(keys: Path) -> None:
    import django

    django.setup()
    from vault.providers import file

    if not keys.exists():
        file.create(keys)


def _let_go() -> None:
    from django.db import connections

    connections.close_all()
    sys.stdout.flush()
