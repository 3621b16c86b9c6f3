"""Makes the key file: once, and never over another."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.errors import DomainError
from vault.providers import file


class Command(BaseCommand):
    help = "Make the key file that VAULT_KEY_FILE names. It never overwrites one."
    requires_system_checks = ("vault",)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            file.create(file.path())
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"The key file is at {file.path()}.")
        self.stdout.write(
            "Keep a recovery copy off this machine: without the keys nothing sealed can be opened."
        )
