"""Writes the recovery files anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import clock
from kernel.errors import DomainError
from vault import offline, recovery
from vault.providers import provider
from vault.recovery import Written


class Command(BaseCommand):
    help = "Seal the keys to each recovery key, in place of the files in VAULT_RECOVERY_DIR."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = recovery.write(provider().contents(), clock.now())
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=1) from None
        self.say(found)

    def say(self, found: Written) -> None:
        self.stdout.write(f"The recovery files are in {recovery.folder()}, sealed to:")
        for fingerprint in found.fingerprints:
            self.stdout.write(f"  {offline.grouped(fingerprint)}")
        self.stdout.write(f"Digest: {offline.grouped(found.digest)}")
        if found.acknowledged:
            self.stdout.write("They were acknowledged before.")
            return
        self.stdout.write(
            "Copy them off this machine, in place of the former ones. There, run sha256sum -c recovery.sha256, then "
            "sha256sum recovery.sha256, and read out how it begins; here, run vault_recovery_acknowledge with that."
        )
