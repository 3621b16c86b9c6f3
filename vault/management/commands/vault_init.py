"""Makes the key file: once, and never over another."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kernel.errors import DomainError
from vault import contents
from vault.contents import Contents
from vault.management import asking
from vault.providers import file, passphrase, private_files, provider


class Command(BaseCommand):
    help = "Make the key file that VAULT_KEY_FILE names. It never overwrites one."
    requires_system_checks = ("vault",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        asking.add_argument(parser)
        parser.add_argument(
            "--seal",
            type=Path,
            metavar="FILE",
            help="with VAULT_KEY_PROVIDER=passphrase: take the keys of this open key file, and not new ones",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.make(options)
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=1) from None
        self.stdout.write(f"The key file is at {settings.VAULT_KEY_FILE}.")
        self.stdout.write(
            "Keep a recovery copy off this machine: without the keys nothing sealed can be opened. "
            "docs/guides/keys.md says how."
        )

    def make(self, options: dict[str, Any]) -> None:
        target = Path(settings.VAULT_KEY_FILE)
        if provider().name == "env":
            raise CommandError(
                "Keys that the service manager hands over are not made here; docs/guides/keys.md says how.",
                returncode=1,
            )
        if not provider().asks_for_passphrase:
            file.create(target)
            return
        given = taken_from(options["seal"])
        typed = asking.passphrase("New passphrase", descriptor=options["passphrase_fd"], twice=True)
        passphrase.create(target, typed, given)


def taken_from(source: Path | None) -> Contents | None:
    """The keys of an open key file, None for new ones."""
    return contents.from_json(private_files.read(source)[1]) if source else None
