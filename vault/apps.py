"""The vault."""

from django.apps import AppConfig


class VaultApp(AppConfig):
    name = "vault"

    def ready(self) -> None:
        from vault import checks  # noqa: F401  (registers the checks of keys and databases)
