"""Unlocks the vault."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import trail
from audit.actions import Action
from kernel import clock
from vault.errors import VaultError
from vault.providers import file, keyring


class Command(BaseCommand):
    help = "Let keys be used again after vault_lock."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            file.unlock()
            keyring()
        except OSError:
            raise CommandError(f"The vault is still locked: {file.marker()} could not be removed.") from None
        except VaultError as error:
            raise CommandError(f"The lock is off, but there is no usable key. {error}") from None
        trail.record(Action.VAULT_UNLOCKED, by=None, at=clock.now())
        self.stdout.write("The vault is unlocked.")
