"""One race in databases of its own; prints one JSON document and ends with 1 where two had the same call."""

import json
import os
import shutil
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.ground import Pair, installation, migrate
from tests.config.databases import Database, OwnPostgres, SqliteFiles
from tests.followups.races.running import Race
from tests.services import postgres


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="tests.followups.races", description=__doc__)
    parser.add_argument("--claims", type=int, default=2000)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--tables", type=Path, help="a folder with two migrated SQLite files to begin from")
    parser.add_argument("--kill-seconds", type=float, default=20.0)
    parser.add_argument("--limit-seconds", type=float, default=3600)
    parser.add_argument(
        "--planted", action="store_true", help="without locks and constraints: doubles are found"
    )
    options = parser.parse_args(arguments)
    # Told to stop, it ends its processes and its server on the way out.
    signal.signal(signal.SIGTERM, postgres.leave)
    with TemporaryDirectory(prefix="recontact-races-") as name:
        folder = Path(name)
        with opened(options.database, folder, options.tables) as database:
            found = _raced(database.environment(), folder, options)
    print(json.dumps({"database": options.database, **found}, indent=1))  # noqa: T201
    return 1 if found["double"] else 0


@contextmanager
def opened(kind: str, folder: Path, tables: Path | None) -> Iterator[Database]:
    if kind == "sqlite":
        if tables is not None:
            shutil.copytree(tables, folder, dirs_exist_ok=True)
        yield SqliteFiles(folder)
        return
    binaries = postgres.binaries()
    if binaries is None:
        raise postgres.NoPostgres(postgres.NONE)
    with OwnPostgres(binaries) as server:
        yield server


def _raced(environment: dict[str, str], folder: Path, options) -> dict:
    with installation(Pair(environment["DATABASE_URL"], environment["VAULT_DATABASE_URL"])):
        # Warnings of callers who were killed would fill the log.
        os.environ["LOG_LEVEL"] = "ERROR"
        if options.tables is None:
            migrate()
        race = Race(
            claims=options.claims,
            processes=options.processes,
            kill_seconds=options.kill_seconds,
            limit_seconds=options.limit_seconds,
            is_planted=options.planted,
            folder=folder,
        )
        found = race.run()
        log = folder / "errors.log"
        if found["unexpected"]:
            print(log.read_text(errors="replace")[-3000:], file=sys.stderr)  # noqa: T201
        return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
