"""Which database a model lives in: the vault's tables in `vault`, all else in `default`."""

from typing import Any

from django.db.models import Model

VAULT = "vault"


class VaultRouter:
    """Keeps keys and the phone index apart from the data they open."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return VAULT if model._meta.app_label == VAULT else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return (one._meta.app_label == VAULT) == (other._meta.app_label == VAULT)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (db == VAULT) == (app_label == VAULT)
