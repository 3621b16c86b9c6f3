"""Locks the vault: from now on no process uses a key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import trail
from audit.actions import Action
from kernel import clock
from vault.providers import file


class Command(BaseCommand):
    help = "Lock the vault at once for every process. Stopping, holding and withdrawing keep working."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            file.lock()
        except OSError:
            raise CommandError(f"The vault is not locked: {file.marker()} could not be made.") from None
        trail.record(Action.VAULT_LOCKED, by=None, at=clock.now())
        self.stdout.write("The vault is locked. `manage.py vault_unlock` opens it again.")
