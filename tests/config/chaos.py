"""Every fault against a running panel, wherever its queue is, with the time each took to heal: `make chaos`.

python -m tests.config.chaos [--stale-seconds S] [sqlite] [postgres] [redis]
"""

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.config.databases import Database, OwnPostgres, SqliteFiles
from tests.config.faults import ENDINGS, FAULTS, Ending, Fault, seconds_to_end
from tests.config.running import ROOT, Panel, running
from tests.services import environment, postgres, redis
from tests.services.redis import OwnRedis
from tests.services.waiting import wait_until
from vault.providers import file

REPORT = ROOT / "var" / "chaos.json"
STALE_SECONDS = 10
HEALS_WITHIN_SECONDS = 180


def strike(panel: Panel, fault: Fault) -> dict:
    """Inject one fault and watch; what is written about it."""
    found = {"name": fault.name, "database": panel.kind, "is_well": False}
    began = time.monotonic()
    try:
        fault.inject(panel)
        injected = time.monotonic()
        panel.goes_on(HEALS_WITHIN_SECONDS)
        twice = panel.ask("twice")
    except AssertionError as reason:
        return {**found, "why": str(reason)}
    return {
        **found,
        "is_well": not twice,
        "why": "; ".join(twice[:3]),
        "fault_seconds": round(injected - began, 1),
        "healed_seconds": round(time.monotonic() - injected, 1),
    }


def end(panel: Panel, ending: Ending) -> dict:
    """End it in one way, and start it again."""
    found = {"name": f"{ending.name} (ends)", "database": panel.kind, "is_well": False}
    try:
        seconds = seconds_to_end(panel, ending)
    except AssertionError as reason:
        panel.kill_everything()
        return {**found, "why": str(reason)}
    finally:
        panel.start()
        wait_until(panel.is_ready, "a new start")
    return {**found, "is_well": True, "why": "", "ended_seconds": round(seconds, 1)}


def all_faults(panel: Panel) -> Iterator[dict]:
    with running(panel):
        yield from (strike(panel, fault) for fault in FAULTS if panel.kind in fault.on)
        yield from (end(panel, ending) for ending in ENDINGS if panel.kind in ending.on)
        panel.goes_on(HEALS_WITHIN_SECONDS)


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[tuple[Database, OwnRedis | None]]:
    """The databases, and where the queue is not in one of them, its Redis."""
    if kind == "sqlite":
        yield SqliteFiles(folder), None
        return
    binaries = postgres.binaries()
    if binaries is None:
        raise postgres.NoPostgres(postgres.NONE)
    with ExitStack() as stack:
        server = stack.enter_context(OwnPostgres(binaries))
        queue = stack.enter_context(OwnRedis(found_redis())) if kind == "redis" else None
        yield server, queue


def found_redis() -> Path:
    found = redis.binary()
    if found is None:
        raise RuntimeError(redis.NONE)
    return found


def say(one: dict) -> None:
    seconds = one.get("healed_seconds", one.get("ended_seconds", "?"))
    word = "ok  " if one["is_well"] else "FAIL"
    sys.stdout.write(f"{word} {one['database']}: {one['name']}: {seconds} s {one['why']}\n")
    sys.stdout.flush()


def run(kinds: list[str], stale_seconds: float) -> list[dict]:
    found = []
    for kind in kinds:
        with TemporaryDirectory(prefix="recontact-chaos-") as name, opened(kind, Path(name)) as (base, queue):
            panel = Panel(Path(name), base, "--stale-seconds", str(stale_seconds), redis=queue)
            for one in all_faults(panel):
                say(one)
                found.append({**one, "stale_seconds": stale_seconds})
    return found


def main() -> int:
    parser = ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgres", "redis"])
    parser.add_argument("--stale-seconds", type=float, default=STALE_SECONDS)
    wanted = parser.parse_args()
    file.create(environment.KEYS / "vault-keys.json")
    found = run(wanted.databases, wanted.stale_seconds)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(found, indent=1) + "\n")
    not_well = sum(not one["is_well"] for one in found)
    sys.stdout.write(f"{len(found)} faults, {not_well} not well; written to var/{REPORT.name}\n")
    return int(not all(one["is_well"] for one in found))


if __name__ == "__main__":
    sys.exit(main())
