"""Takes down that the recovery files have arrived off this machine."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import clock
from kernel.errors import DomainError
from vault import recovery


class Command(BaseCommand):
    help = "Say that the recovery files with this digest are kept off this machine, and the former ones are gone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "digest", nargs="+", help="the first 16 characters of sha256sum recovery.sha256, there"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            recovery.acknowledge("".join(options["digest"]), now=clock.now())
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=1) from None
        self.stdout.write("It is taken down: these keys are kept off this machine.")
