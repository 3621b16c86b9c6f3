"""Puts the rooms together: commands, checks and the shell around every page."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks, queue_checks, queue_secret  # noqa: F401  (registers the system checks)

        queue_secret.sign_with_it()
