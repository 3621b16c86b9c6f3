"""Both databases as migrations leave them, kept aside: whoever needs a fresh pair takes a copy."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

ALIASES = {"default": "main", "vault": "vault"}


class MigratedFiles:
    """Two SQLite files in a folder."""

    def __init__(self, connections: Mapping[str, Any], folder: Path) -> None:
        self.folder = folder
        for alias, name in ALIASES.items():
            connections[alias].ensure_connection()
            with closing(sqlite3.connect(folder / f"{name}.sqlite3")) as copy:
                connections[alias].connection.backup(copy)

    def copy_to(self, folder: Path) -> None:
        """`main.sqlite3` and `vault.sqlite3` in that folder."""
        for name in ALIASES.values():
            shutil.copy(self.folder / f"{name}.sqlite3", folder)

    def drop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class MigratedPostgres:
    """Two databases beside those of the tests, on the same server."""

    def __init__(self, connections: Mapping[str, Any]) -> None:
        self._server = {
            name: connections["default"].settings_dict[name] for name in ("HOST", "PORT", "USER", "PASSWORD")
        }
        self._mine = uuid4().hex[:8]
        for alias, name in ALIASES.items():
            connections[alias].close()
            self._run(
                f'CREATE DATABASE "{self._name(name)}" TEMPLATE "{connections[alias].settings_dict["NAME"]}"'
            )

    @contextmanager
    def copies(self) -> Iterator[dict[str, str]]:
        """The addresses of two fresh databases, by "main" and "vault"; gone after the block."""
        which = uuid4().hex[:8]
        made = {name: f"recontact_{which}_{name}" for name in ALIASES.values()}
        for name, copy in made.items():
            self._run(f'CREATE DATABASE "{copy}" TEMPLATE "{self._name(name)}"')
        try:
            yield {name: self._address(copy) for name, copy in made.items()}
        finally:
            for copy in made.values():
                self._run(f'DROP DATABASE "{copy}" WITH (FORCE)')

    def drop(self) -> None:
        for name in ALIASES.values():
            self._run(f'DROP DATABASE "{self._name(name)}" WITH (FORCE)')

    def _name(self, name: str) -> str:
        return f"recontact_migrated_{self._mine}_{name}"

    def _address(self, database: str) -> str:
        at = self._server
        password = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
        return f"postgres://{at['USER']}{password}@{at['HOST']}:{at['PORT']}/{database}"

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())
