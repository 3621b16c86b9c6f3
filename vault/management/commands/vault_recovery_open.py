"""Makes a key file again from a recovery file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.errors import DomainError
from vault import contents, offline
from vault.contents import Contents
from vault.management import asking
from vault.management.opening import private_key, whole
from vault.providers import passphrase, private_files, provider


class Command(BaseCommand):
    help = "Open a recovery file and make a key file of it. It never overwrites one."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--blob", type=Path, required=True, help="the recovery file")
        parser.add_argument("--private-key", type=Path, required=True, help="the file of the private key")
        parser.add_argument("--out", type=Path, required=True, help="the key file to make")
        asking.add_argument(parser, whose="the passphrase of the private key")
        asking.add_argument(parser, "--new-passphrase-fd", "the new passphrase of the key file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            private = private_key(options["private_key"], options["passphrase_fd"])
            found = offline.open_blob(whole(options["blob"]), private)
            self.make(options, contents.from_json(found.content))
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=1) from None
        self.stdout.write(
            f"The keys as they were at {found.written:%Y-%m-%d %H:%M} UTC are in {options['out']}."
        )
        self.stdout.write("Rotate them (manage.py vault_rotate) as soon as all is well again.")

    def make(self, options: dict[str, Any], found: Contents) -> None:
        """In the form that this machine's provider reads."""
        if not provider().asks_for_passphrase:
            private_files.create(options["out"], found.to_json())
            return
        typed = asking.passphrase(
            "New passphrase of the vault", descriptor=options["new_passphrase_fd"], twice=True
        )
        passphrase.create(options["out"], typed, found)
