"""An empty installation in a folder that goes again: its environment has to be set before Django reads settings."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def empty_installation(gateway: str = "simulator") -> Iterator[None]:
    """Django set up on two fresh SQLite files, migrated, with keys; as settings.py runs them for people."""
    with TemporaryDirectory(prefix="recontact-bench-") as name:
        folder = Path(name)
        folder.chmod(0o700)
        os.environ |= _environment(folder, gateway)
        _set_up(folder)
        yield
        _let_go()


def _environment(folder: Path, gateway: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DEBUG": "0",
        "RECONTACT_DEMO": "0",
        "LOG_LEVEL": "WARNING",
        "GATEWAY": gateway,
        "DATABASE_URL": f"sqlite:///{folder}/main.sqlite3",
        "VAULT_DATABASE_URL": f"sqlite:///{folder}/vault.sqlite3",
        "VAULT_KEY_PROVIDER": "file",
        "VAULT_KEY_FILE": str(folder / "keys" / "vault-keys.json"),
    }


def _set_up(folder: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from vault.providers import file

    file.create(folder / "keys" / "vault-keys.json")
    call_command("migrate", verbosity=0)
    call_command("migrate", database="vault", verbosity=0)
    call_command("createcachetable", verbosity=0)


def _let_go() -> None:
    from django.db import connections

    connections.close_all()
    sys.stdout.flush()
