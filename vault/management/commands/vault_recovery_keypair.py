"""Makes the key of somebody who keeps recovery files: on their own machine, away from any network."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.errors import DomainError
from vault import offline, passphrases
from vault.management import asking
from vault.offline import PublicKey
from vault.passphrases import FOR_RECOVERY
from vault.providers import private_files


class Command(BaseCommand):
    help = "Make a recovery key: the private one into a file that a passphrase seals, the public one on the screen."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="the file for the private key")
        parser.add_argument("--label", default="", help="who keeps it, such as: DPO")
        asking.add_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        private = offline.fresh()
        typed = asking.passphrase("New passphrase", descriptor=options["passphrase_fd"], twice=True)
        try:
            passphrases.refuse_a_weak(typed)
            key = passphrases.new_key(typed)
            sealed = passphrases.seal(private.raw, key, purpose=FOR_RECOVERY)
            private_files.create(options["out"], sealed)
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=1) from None
        public = PublicKey(private.public.raw, " ".join(options["label"].split()))
        self.stdout.write(public.line)
        self.stderr.write(
            f"Fingerprint {offline.grouped(public.fingerprint)}. The line above goes into VAULT_RECOVERY_KEYS; "
            f"{options['out']} and its passphrase stay with whoever keeps them, in two places."
        )
