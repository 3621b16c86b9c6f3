"""Where measurements have their databases: copies of one empty, migrated pair, each gone after its measurement."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol, Self
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.ground import Pair

Migrate = Callable[[Pair], None]
ROOMS = ("main", "vault")


class Place(Protocol):
    """SQLite files in a folder, or databases on a PostgreSQL server."""

    def fresh(self, name: str) -> AbstractContextManager[Pair]: ...


class SqliteFiles:
    """Copies of two files in a temporary folder, those of `tables` or migrated; without either they are not made."""

    def __init__(self, folder: Path, migrate: Migrate | None = None, tables: Path | None = None) -> None:
        self._folder, self._empty = folder, folder / "empty"
        self._empty.mkdir(parents=True)
        if tables is not None:
            shutil.copytree(tables, self._empty, dirs_exist_ok=True)
        elif migrate is not None:
            migrate(Pair.in_files(self._empty))

    @contextmanager
    def fresh(self, name: str) -> Iterator[Pair]:
        mine = self._folder / name
        shutil.copytree(self._empty, mine)
        yield Pair.in_files(mine)
        shutil.rmtree(mine)


class PostgresDatabases:
    """Databases of our own on a server; those of others on it are left alone."""

    def __init__(self, address: str, migrate: Migrate) -> None:
        self._address, self._prefix = address, f"recontact_bench_{os.getpid()}"
        self._migrate = migrate

    def __enter__(self) -> Self:
        for room in ROOMS:
            self._run(f'CREATE DATABASE "{self._name("empty", room)}"')
        self._migrate(self._pair("empty"))
        return self

    def __exit__(self, *_error: Any) -> None:
        self._drop("empty")

    @contextmanager
    def fresh(self, name: str) -> Iterator[Pair]:
        for room in ROOMS:
            self._run(f'CREATE DATABASE "{self._name(name, room)}" TEMPLATE "{self._name("empty", room)}"')
        try:
            yield self._pair(name)
        finally:
            self._drop(name)

    def _drop(self, name: str) -> None:
        for room in ROOMS:
            self._run(f'DROP DATABASE IF EXISTS "{self._name(name, room)}" WITH (FORCE)')

    def _pair(self, name: str) -> Pair:
        main, vault = (self._at(self._name(name, room)) for room in ROOMS)
        return Pair(main, vault)

    def _name(self, name: str, room: str) -> str:
        return f"{self._prefix}_{name}_{room}"

    def _at(self, database: str) -> str:
        return urlunsplit(urlsplit(self._address)._replace(path=f"/{database}"))

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._at("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())
