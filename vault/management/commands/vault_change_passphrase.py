"""Changes the passphrase of the key file."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import trail
from audit.actions import Action
from kernel import clock
from kernel.errors import DomainError
from vault.management import asking
from vault.providers import passphrase, provider
from vault.rotation.alone import alone


class Command(BaseCommand):
    help = "Seal the key file with another passphrase, and lock the vault; the keys stay the same."

    def add_arguments(self, parser: ArgumentParser) -> None:
        asking.add_argument(parser, whose="the present passphrase")
        asking.add_argument(parser, "--new-passphrase-fd", "the new one")

    def handle(self, *args: Any, **options: Any) -> None:
        if not provider().asks_for_passphrase:
            raise CommandError("The keys of this installation have no passphrase.", returncode=1)
        former = asking.passphrase("Present passphrase", descriptor=options["passphrase_fd"])
        new = asking.passphrase("New passphrase", descriptor=options["new_passphrase_fd"], twice=True)
        try:
            with alone():
                passphrase.change(former, new)
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=1) from None
        trail.record(Action.PASSPHRASE_CHANGED, by=None, at=clock.now())
        self.stdout.write("The passphrase is changed and the vault is locked: unlock it with the new one.")
        self.stdout.write("Then run vault_rotate: copies of the former file still open with the former one.")
