"""Makes the first administrator; everything after that is done on screens."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts import staffing
from accounts.models import User
from kernel import clock
from kernel.errors import DomainError


class Command(BaseCommand):
    """Exit codes: 0 done, 1 refused with a sentence on standard error, 2 wrong usage."""

    help = "Make the first administrator. Their password is asked for, or made and printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True, help="small letters, digits, dots and hyphens")
        parser.add_argument("--display-name", default="", help="how colleagues see them; else the username")
        parser.add_argument("--another", action="store_true", help="make one although there is one already")
        parser.add_argument("--generate", action="store_true", help="do not ask for a password, make one")

    def handle(self, *args: Any, **options: Any) -> None:
        self._check(options["username"], options["display_name"])
        account = self._made(options, self._typed_password(options["username"], options["generate"]))
        self.stdout.write(_("Made the administrator %(username)s.") % {"username": account.person.username})
        if not self._was_typed:
            self.stdout.write(
                _("Their password, shown this once: %(password)s") % {"password": account.password}
            )

    def _made(self, options: dict[str, Any], password: str) -> staffing.NewAccount:
        self._was_typed = bool(password)
        try:
            return staffing.make_administrator(
                username=options["username"],
                display_name=options["display_name"],
                password=password,
                is_another=options["another"],
                now=clock.now(),
            )
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal

    def _check(self, username: str, display_name: str) -> None:
        candidate = User(username=username, display_name=display_name or username)
        try:
            candidate.clean_fields(exclude={"password", "role"})
        except ValidationError as invalid:
            raise CommandError(" ".join(invalid.messages), returncode=1) from invalid

    def _typed_password(self, username: str, generate: bool) -> str:
        """What a person at a terminal typed twice; empty when one is to be made."""
        if generate or not sys.stdin.isatty():
            return ""
        typed = getpass(_("Password (leave empty to have one made): "))
        if typed and typed != getpass(_("The same password again: ")):
            raise CommandError(
                _("The two passwords are not the same. Nothing was made. Run it again."), returncode=1
            )
        return self._strong(typed, username) if typed else ""

    def _strong(self, typed: str, username: str) -> str:
        try:
            validate_password(typed, User(username=username))
        except ValidationError as weak:
            raise CommandError(" ".join(weak.messages), returncode=1) from weak
        return typed
