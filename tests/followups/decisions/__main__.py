"""`python -m tests.followups.decisions`: ask for a million decisions and let the checker judge each."""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.followups.decisions.tallying import Tally
from tests.followups.decisions.working import decide, set_up

PIECE = 10_000
WRITTEN = Path("var/decisions.json")


def main() -> int:
    asked = _arguments().parse_args()
    began = time.monotonic()
    pieces = [min(PIECE, asked.decisions - start) for start in range(0, asked.decisions, PIECE)]
    total = Tally()
    with ProcessPoolExecutor(asked.processes, mp_context=get_context("spawn"), initializer=set_up) as pool:
        seeds = [f"{asked.seed}.{number}" for number in range(len(pieces))]
        for done in pool.map(decide, pieces, seeds):
            total.add(done)
            if not asked.json:
                sys.stderr.write(
                    f"\r{total.decisions} decisions, {sum(total.violations.values())} violations "
                )
    found = {**total.as_json(), "seed": asked.seed, "seconds": round(time.monotonic() - began, 1)}
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(json.dumps(found, indent=2) + "\n")
    sys.stdout.write(json.dumps(found, indent=None if asked.json else 2) + "\n")
    return 1 if total.violations or total.too_strict else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.followups.decisions", description=__doc__)
    parser.add_argument("--decisions", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--json", action="store_true", help="one JSON document on standard output, nothing else"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
