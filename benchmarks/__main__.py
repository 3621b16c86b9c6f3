"""Measures what Recontact does beside the bare primitive under it, and writes `var/bench.json`: `make bench`.

`python -m benchmarks [--sizes "10000 100000"] [--databases "sqlite postgres"] [--only NAME ...] [--out FILE]`
BENCH_QUICK=1 shows in seconds that everything runs. DURABLE=0 has PostgreSQL not wait for the disk at each commit.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure, figure
from benchmarks.ground import Pair
from benchmarks.measurements import MEASUREMENTS, Measurement
from benchmarks.places import Place, PostgresDatabases, SqliteFiles
from tests.services import postgres

REPORT = Path(__file__).resolve().parent.parent / "var" / "bench.json"
IS_DURABLE = os.environ.get("DURABLE", "1") == "1"
LONGEST_SECONDS = 1200
HEAD = f"{'':<36} {'database':<9} {'size':>9} {'ours':>12} {'bare':>12}  {'':<16} {'ratio':>6}"
LINE = "{name:<36} {database:<9} {size:>9,} {value:>12,.1f} {bare:>12,.1f}  {unit:<16} {ratio:>6.3f}"


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    for number in postgres.STOP_SIGNALS:
        signal.signal(number, postgres.leave)
    wanted = [one for one in MEASUREMENTS if not options.only or one.name in options.only]
    bench = Bench(options.tables)
    try:
        bench.run(wanted, [int(size) for size in options.sizes.split()], options.databases.split())
    except postgres.NoPostgres as reason:
        _complain(f"Nothing is measured on PostgreSQL: {reason}")
        return 1
    finally:
        bench.write(options.out)
    return 1 if bench.failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="10000 100000", help="how many rows, one or several numbers")
    parser.add_argument("--databases", default="sqlite postgres")
    parser.add_argument("--tables", type=Path, help="a folder with two migrated SQLite files to begin from")
    parser.add_argument("--only", nargs="*", default=[], choices=[one.name for one in MEASUREMENTS])
    parser.add_argument("--out", type=Path, default=REPORT)
    return parser


class Bench:
    """Runs measurements one after the other, each in a process of its own, and keeps their figures."""

    def __init__(self, tables: Path | None) -> None:
        self._tables = tables
        self.figures: list[Figure] = []
        self.failed: list[str] = []

    def run(self, wanted: Iterable[Measurement], sizes: list[int], databases: list[str]) -> None:
        _say(HEAD)
        with TemporaryDirectory(prefix="recontact-bench-") as name, ExitStack() as stack:
            places = self._places(Path(name), databases, stack)
            for one in wanted:
                for database in places:
                    if database in one.databases:
                        self._measure(one, places[database], database, sizes)

    def _places(self, folder: Path, databases: list[str], stack: ExitStack) -> dict[str, Place]:
        """Where each kind of database is; the server of PostgreSQL runs until the stack unwinds."""
        made: dict[str, Place] = {"none": SqliteFiles(folder / "none")}
        if "sqlite" in databases:
            made["sqlite"] = SqliteFiles(folder / "sqlite", _migrate, self._tables)
        if "postgres" in databases:
            addresses = stack.enter_context(postgres.available(is_durable=IS_DURABLE))
            commits = "as it is set" if os.environ.get("TEST_DATABASE_URL") else _commits()
            _say(f"PostgreSQL: {addresses.origin}; commits {commits}, for both sides alike")
            made["postgres"] = stack.enter_context(PostgresDatabases(addresses.main, _migrate))
        return made

    def _measure(self, one: Measurement, place: Place, database: str, sizes: list[int]) -> None:
        try:
            for size in one.sizes(sizes):
                with place.fresh(f"{one.name}_{size}") as pair:
                    for line in _lines([one.module, database, str(size)], pair):
                        self._add(Figure(**json.loads(line)))
            if one.goes_further:
                self._add(_flatness(*self.figures[-2:]))
        except subprocess.SubprocessError as reason:
            self.failed.append(one.name)
            _complain(f"{one.name} on {database} came to no end: {reason}")

    def _add(self, found: Figure) -> None:
        self.figures.append(found)
        _say(LINE.format(**found.as_json()))

    def write(self, out: Path) -> None:
        out.parent.mkdir(parents=True, exist_ok=True)
        report = [one.as_json() for one in self.figures]
        out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        _say(f"{len(self.figures)} figures in {out}")


def _flatness(smaller: Figure, larger: Figure) -> Figure:
    """Ours at the largest size, beside ours at the size before it."""
    return figure(
        f"{larger.name}, flat",
        larger.database,
        larger.size,
        value=larger.value,
        bare=smaller.value,
        unit=larger.unit,
    )


def _commits() -> str:
    return "wait for the disk" if IS_DURABLE else "do not wait for the disk"


def _migrate(pair: Pair) -> None:
    """Django takes its settings once, so a process of its own makes the tables."""
    for _line in _lines(["migrate"], pair):
        pass


def _lines(what: list[str], pair: Pair) -> Iterator[str]:
    """What the process of one measurement prints, as it prints it."""
    command = [sys.executable, "-m", "benchmarks.one", *what, pair.main, pair.vault]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield from child.stdout or ()
            if child.wait(LONGEST_SECONDS):
                raise subprocess.CalledProcessError(child.returncode, what)
        finally:
            if child.poll() is None:
                child.terminate()


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
