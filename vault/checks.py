"""What must be so before the application starts: keys out of reach, and apart from what they open."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from kernel.errors import DomainError
from vault import recovery
from vault.providers import PROVIDERS, provider

Found = list[checks.CheckMessage]

AT_THE_START = "vault_start"
"""For `manage.py up` and `check --deploy`: a panel that would run without keys, or lose them with its machine."""

ACKNOWLEDGEMENTS = ("by_hand", recovery.AUTOMATIC)


@checks.register("vault")
def keys_are_out_of_reach(app_configs: Sequence[Any] | None, **options: Any) -> Found:
    """The provider is known, and its keys are private, outside the code and away from databases and backups."""
    if settings.VAULT_KEY_PROVIDER not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        return [_error("VAULT_KEY_PROVIDER names no provider.", f"Set it to one of: {known}.", "vault.E001")]
    return provider().checks()


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


@checks.register("vault")
def recovery_is_sealed_to_people(app_configs: Sequence[Any] | None, **options: Any) -> Found:
    """Where recovery keys are named, they can be read, and there are two of them."""
    found: Found = []
    if settings.VAULT_RECOVERY_ACKNOWLEDGE not in ACKNOWLEDGEMENTS:
        hint = f"Set it to one of: {', '.join(ACKNOWLEDGEMENTS)}."
        found.append(_error("VAULT_RECOVERY_ACKNOWLEDGE has no meaning.", hint, "vault.E017"))
    if not recovery.is_set_up():
        return found
    if settings.VAULT_RECOVERY_ACKNOWLEDGE == recovery.AUTOMATIC and not recovery.is_elsewhere():
        hint = "Mount it, or set VAULT_RECOVERY_ACKNOWLEDGE=by_hand. Until then no key is destroyed."
        sentence = (
            f"The recovery files in {recovery.folder()} are on this machine, and so acknowledged by nobody."
        )
        found.append(checks.Warning(sentence, hint=hint, id="vault.W005"))
    try:
        recovery.public_keys()
    except DomainError as refusal:
        hint = (
            str(refusal.next_step)
            or "Set VAULT_RECOVERY_KEYS to a file with a public key on each of two lines."
        )
        found.append(_error(str(refusal.sentence), hint, "vault.E014"))
    return found


@checks.register(AT_THE_START, deploy=True)
def there_are_keys(app_configs: Sequence[Any] | None, **options: Any) -> Found:
    """A panel that serves people has keys, and they outlive its machine. The demo makes its own."""
    if settings.RECONTACT_DEMO or settings.VAULT_KEY_PROVIDER not in PROVIDERS:
        return []
    if not provider().has_keys():
        hint = "Run `manage.py vault_init`, or put a recovery copy in place with `manage.py vault_recovery_open`."
        return [_error("There are no keys: no number could be kept or opened.", hint, "vault.E015")]
    if recovery.is_set_up():
        return []
    return [
        checks.Warning(
            "There are no recovery keys: whoever loses the keys of this machine loses every number and note.",
            hint="docs/guides/keys.md, “Recovery”, says how to make them. Keys are changed without.",
            id="vault.W003",
        )
    ]


def _is_sqlite(database: dict[str, Any]) -> bool:
    return "sqlite3" in database["ENGINE"]


def _identity(database: dict[str, Any]) -> tuple[str, ...]:
    name = str(database["NAME"])
    if _is_sqlite(database):
        return (database["ENGINE"], str(Path(name).resolve()))
    return (database["ENGINE"], name, str(database.get("HOST", "")), str(database.get("PORT", "")))


def _error(message: str, hint: str, code: str) -> checks.Error:
    return checks.Error(message, hint=hint, id=code)
