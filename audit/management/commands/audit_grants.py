"""Prints what the owner of a PostgreSQL database grants to the role the application signs in with."""

import re
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from audit import guards

ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class Command(BaseCommand):
    help = (
        "Print the least rights of the role the application uses, as SQL for psql. Needed after each migrate."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", help="the role in DATABASE_URL, which owns nothing")
        parser.add_argument("--database", default="default", choices=("default", "vault"))

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            raise CommandError(
                "Only PostgreSQL has roles; SQLite is guarded by triggers and the rights of the file."
            )
        if not ROLE.fullmatch(options["role"]):
            raise CommandError("A role here is small letters, digits and underscores.")
        for statement in guards.least_rights(options["role"], connection.introspection.table_names()):
            self.stdout.write(f"{statement};")
