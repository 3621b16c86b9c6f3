"""Takes the keys off this machine; or tries it out."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import clock
from kernel.errors import DomainError
from vault import destroying
from vault.management import asking
from vault.management.opening import private_key


class Command(BaseCommand):
    help = "Destroy the keys on this machine: nothing sealed opens here any more. --drill tries it out on a copy."
    # A setting that is wrong must not keep anybody from it.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--drill", action="store_true", help="every step on a copy; destroys nothing")
        parser.add_argument(
            "--private-key", type=Path, help="with --drill: open the recovery files with this key"
        )
        asking.add_argument(parser, whose="the passphrase of that key")
        parser.add_argument("--yes-destroy", metavar="KEYID", help="what would be asked for at the terminal")
        parser.add_argument(
            "--without-recovery",
            action="store_true",
            help="even if nobody has acknowledged the recovery files",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["drill"]:
                self.drill(options)
            else:
                self.destroy(options)
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=1) from None
        except OSError as reason:
            raise CommandError(f"Not all could be done: {reason.strerror}.", returncode=1) from None

    def drill(self, options: dict[str, Any]) -> None:
        given = options["private_key"]
        private = private_key(given, options["passphrase_fd"]) if given else None
        done = destroying.drill(private=private, now=clock.now())
        for name, milliseconds in done.steps:
            self.stdout.write(f"{name}: {milliseconds} ms")
        if done.obstacle is not None:
            raise done.obstacle
        opened = "and a recovery file opens with the key given" if private else "no recovery file was opened"
        self.stdout.write(f"All would be well, {opened}. Nothing was destroyed.")

    def destroy(self, options: dict[str, Any]) -> None:
        if not options["without_recovery"]:
            destroying.refuse_without_recovery()
        confirm(destroying.word_to_type(), options["yes_destroy"])
        done = destroying.destroy(now=clock.now())
        if not done.were_there:
            raise CommandError("There was no key file. The vault is locked.", returncode=1)
        self.stdout.write("The keys on this machine are destroyed, and the vault is locked.")
        self.stdout.write(
            "Now stop Recontact and switch the machine off: running processes have read the keys."
        )
        if not done.is_told:
            self.stderr.write("The trail could not be told: the database does not answer.")


def confirm(word: str, given: str | None) -> None:
    """Go on only after this very word; raises CommandError."""
    if given is None and not sys.stdin.isatty():
        raise CommandError(f"There is no terminal to ask. Add --yes-destroy {word}", returncode=1)
    if given is None:
        given = input(f"This cannot be undone here. Type {word} to destroy the keys: ")
    if given.strip() != word:
        raise CommandError("That is not what was asked for. Nothing was destroyed.", returncode=1)
