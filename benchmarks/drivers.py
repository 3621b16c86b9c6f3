"""The databases without Django: a connection of the driver alone, with the settings Recontact gives its own."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from django.db import connections

Driver = Any
"""A connection of psycopg or of sqlite3."""


@contextmanager
def connected(alias: str) -> Iterator[Driver]:
    """A connection to the database of that alias."""
    connection = connections[alias]
    with closing(_sqlite(connection) if connection.vendor == "sqlite" else _postgres(connection)) as driver:
        yield driver


def _sqlite(connection: Any) -> Driver:
    import sqlite3

    driver = sqlite3.connect(connection.settings_dict["NAME"], timeout=20)
    driver.executescript(connection.settings_dict["OPTIONS"]["init_command"])
    driver.execute("PRAGMA foreign_keys = ON")
    return driver


def _postgres(connection: Any) -> Driver:
    import psycopg

    named = connection.settings_dict
    where = {name.lower(): named[name] for name in ("HOST", "PORT", "USER", "PASSWORD") if named[name]}
    return psycopg.connect(dbname=named["NAME"], **where)


def place(driver: Driver) -> str:
    """Where a value goes in a statement, as this driver writes it."""
    return "?" if type(driver).__module__ == "sqlite3" else "%s"


def insert_into(table: str, columns: Sequence[str], driver: Driver) -> str:
    """INSERT of one row."""
    places = ", ".join([place(driver)] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
