"""Locks the vault: from now on no process uses a key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from audit import trail
from audit.actions import Action
from kernel import clock
from vault.errors import VaultError
from vault.providers import locking, provider


class Command(BaseCommand):
    help = "Lock the vault at once for every process. Stopping, holding and withdrawing keep working."
    # A setting that is wrong must not keep anybody from locking.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            provider().lock()
        except OSError:
            sentence = f"The vault is not locked: {locking.marker()} could not be made."
            raise CommandError(sentence, returncode=1) from None
        except VaultError as error:
            raise CommandError(str(error), returncode=1) from None
        self.stdout.write("The vault is locked. `manage.py vault_unlock` opens it again.")
        self.tell()

    def tell(self) -> None:
        try:
            trail.record(Action.VAULT_LOCKED, by=None, at=clock.now())
        except DatabaseError:
            sentence = "It is locked, but the trail could not be told: the database does not answer."
            raise CommandError(sentence, returncode=1) from None
