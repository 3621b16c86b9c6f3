"""Unlocks the vault."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit import trail
from audit.actions import Action
from kernel import clock
from kernel.errors import DomainError
from vault.errors import VaultError
from vault.management import asking
from vault.providers import keyring, locking, provider


class Command(BaseCommand):
    help = "Let keys be used again after vault_lock; with a passphrase, for VAULT_AUTO_LOCK_MINUTES."

    def add_arguments(self, parser: ArgumentParser) -> None:
        asking.add_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.unlock(options["passphrase_fd"])
        except OSError:
            sentence = f"The vault is still locked: {locking.marker()} could not be removed."
            raise CommandError(sentence, returncode=1) from None
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=1) from None
        try:
            keyring(fresh=True)
        except VaultError as error:
            sentence = f"The lock is off, but there is no usable key. {error}"
            raise CommandError(sentence, returncode=1) from None
        trail.record(Action.VAULT_UNLOCKED, by=None, at=clock.now())
        self.stdout.write("The vault is unlocked.")
        if provider().asks_for_passphrase:
            self.stdout.write(f"It locks by itself in {settings.VAULT_AUTO_LOCK_MINUTES} minutes.")

    def unlock(self, descriptor: int | None) -> None:
        if not provider().asks_for_passphrase:
            provider().unlock()
            return
        if not provider().has_keys():
            raise CommandError(
                f"There is no key file at {settings.VAULT_KEY_FILE}: there is no usable key.", returncode=1
            )
        provider().unlock(asking.passphrase("Passphrase of the vault", descriptor=descriptor))
