"""What must be so before the application starts: keys out of reach, and apart from what they open."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from vault.providers import PROVIDERS, file

Found = list[checks.CheckMessage]


@checks.register("vault")
def keys_are_out_of_reach(app_configs: Sequence[Any] | None, **options: Any) -> Found:
    """The provider is known; its file is private, outside the code and away from the databases."""
    if settings.VAULT_KEY_PROVIDER not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        return [_error("VAULT_KEY_PROVIDER names no provider.", f"Set it to one of: {known}.", "vault.E001")]
    path = file.path().absolute()
    return [*_presence(path), *_permissions(path), *_place(path)]


@checks.register("vault")
def databases_are_apart(app_configs: Sequence[Any] | None, **options: Any) -> Found:
    """Keys and data are in two databases, and SQLite locks at once when a transaction begins."""
    vault: dict[str, Any] = settings.DATABASES["vault"]
    default: dict[str, Any] = settings.DATABASES["default"]
    found: Found = []
    if _identity(vault) == _identity(default) and not settings.VAULT_SHARED_DATABASE_OK:
        found.append(
            _error(
                "The vault and the main data are in one database: one stolen copy holds both.",
                "Set VAULT_DATABASE_URL to a database of its own, or VAULT_SHARED_DATABASE_OK=1 to accept it.",
                "vault.E005",
            )
        )
    if _is_sqlite(vault) and vault.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE":
        found.append(
            _error(
                "The vault's SQLite database does not lock when a transaction begins.",
                'Set "transaction_mode": "IMMEDIATE" in its OPTIONS.',
                "vault.E006",
            )
        )
    return found


def _presence(path: Path) -> Found:
    if path.exists():
        return []
    return [
        checks.Warning(
            f"There is no key file at {path}: the vault stays locked.",
            hint="Run `manage.py vault_init` to make one, or put a recovery copy there.",
            id="vault.W001",
        )
    ]


def _permissions(path: Path) -> Found:
    if not path.exists() or not file.is_open_to_others(path):
        return []
    return [_error(f"Other accounts of this machine can read {path}.", "Run chmod 400 on it.", "vault.E002")]


def _place(path: Path) -> Found:
    found: Found = []
    real = path.resolve()
    if real.is_relative_to(Path(settings.BASE_DIR).resolve()) and not settings.RECONTACT_DEMO:
        found.append(
            _error(
                f"The key file {path} is inside the program's folder, where copies and backups pick it up.",
                "Set VAULT_KEY_FILE to a place of its own.",
                "vault.E003",
            )
        )
    if real.parent in {Path(database["NAME"]).resolve().parent for database in _sqlite_files()}:
        found.append(
            _error(
                f"The key file {path} is in the folder of a database: one stolen folder holds both.",
                "Set VAULT_KEY_FILE to a folder of its own.",
                "vault.E004",
            )
        )
    return found


def _sqlite_files() -> list[dict[str, Any]]:
    return [database for database in settings.DATABASES.values() if _is_sqlite(database)]


def _is_sqlite(database: dict[str, Any]) -> bool:
    return "sqlite3" in database["ENGINE"]


def _identity(database: dict[str, Any]) -> tuple[str, ...]:
    name = str(database["NAME"])
    if _is_sqlite(database):
        return (database["ENGINE"], str(Path(name).resolve()))
    return (database["ENGINE"], name, str(database.get("HOST", "")), str(database.get("PORT", "")))


def _error(message: str, hint: str, code: str) -> checks.Error:
    return checks.Error(message, hint=hint, id=code)
