"""Databases that a test can take away from a running panel: SQLite files, or a PostgreSQL of its own."""

import os
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

import psycopg

from tests.services import postgres
from tests.services.migrated import MigratedFiles


class Database(Protocol):
    kind: str

    def environment(self) -> dict[str, str]: ...


class Struck(Database, Protocol):
    """One that a test may hold up."""

    def held(self): ...

    def can_be_held(self) -> bool: ...


class SqliteFiles:
    """Two files in a folder, empty or copies of those in another."""

    kind = "sqlite"

    def __init__(self, folder: Path, like: MigratedFiles | None = None) -> None:
        self.main, self.vault = folder / "main.sqlite3", folder / "vault.sqlite3"
        if like is not None:
            like.copy_to(folder)

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": f"sqlite:///{self.main}", "VAULT_DATABASE_URL": f"sqlite:///{self.vault}"}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else can write."""
        with closing(sqlite3.connect(self.main, timeout=30, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")

    def can_be_held(self) -> bool:
        """Whether nobody is writing at this moment."""
        with closing(sqlite3.connect(self.main, timeout=0.1, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            connection.execute("ROLLBACK")
            return True


class CopiedPostgres:
    """Two databases on the server of the tests, which therefore nobody takes away."""

    kind = "postgres"

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self.addresses = addresses

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.addresses["main"], "VAULT_DATABASE_URL": self.addresses["vault"]}


class OwnPostgres:
    """A server in a temporary folder, which can be stopped and started."""

    kind = "postgres"

    def __init__(self, folder: Path) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="recontact-faults-"))
        self.home.chmod(0o755)
        self.folder = postgres.reachable(folder, self.home)
        self.data, self.port = postgres.prepare(self.folder, self.home), postgres.free_port()
        self.start()
        for name in ("recontact", "recontact_vault"):
            with psycopg.connect(f"{self.address}/postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")

    @property
    def address(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": f"{self.address}/recontact",
            "VAULT_DATABASE_URL": f"{self.address}/recontact_vault",
        }

    def start(self) -> None:
        self.server = postgres.launch(self.folder, self.data, self.port)
        postgres.wait_until_ready(self.server, self.port, self.data)

    def __enter__(self) -> "OwnPostgres":
        return self

    def __exit__(self, *raised: object) -> None:
        postgres.stop(self.server)
        shutil.rmtree(self.home, ignore_errors=True)

    @contextmanager
    def away(self) -> Iterator[None]:
        postgres.stop(self.server)
        yield
        self.start()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Every process of the server stands still: connections are taken and nothing is answered."""
        everyone = [self.server.pid, *postgres_children(self.server.pid)]
        for process_id in everyone:
            os.kill(process_id, signal.SIGSTOP)
        try:
            yield
        finally:
            for process_id in everyone:
                os.kill(process_id, signal.SIGCONT)

    @contextmanager
    def held(self) -> Iterator[None]:
        """The tick waits at its first follow-up."""
        with psycopg.connect(f"{self.address}/recontact") as connection:
            connection.execute("LOCK TABLE followups_followup IN ACCESS EXCLUSIVE MODE")
            yield
            connection.rollback()

    def can_be_held(self) -> bool:
        """Whether nobody but us is in a transaction that writes."""
        writing = "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
        with psycopg.connect(f"{self.address}/recontact", autocommit=True) as connection:
            return connection.execute(writing).fetchone()[0] == 0


def postgres_children(process_id: int) -> list[int]:
    listing = Path(f"/proc/{process_id}/task/{process_id}/children")
    return [int(child) for child in listing.read_text().split()]
