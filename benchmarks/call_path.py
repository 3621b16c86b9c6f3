"""The path of a call, step by step: enrol, tick, claim, order, deliver, record. Prints one JSON document.

`python -m benchmarks.call_path [--people N] [--days N]` lives through that many days of a small study, in this
process and on SQLite files of its own. Queries include savepoints; `ms` is the median by the clock.
"""

import argparse
import json
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from benchmarks.ground import empty_installation
from benchmarks.measuring import Meter

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
STEP = timedelta(hours=3)
ENUMERATORS = 4
CALLS_A_STEP = 12
OUTCOMES = (
    "completed", "completed", "completed", "completed", "completed", "no_answer", "no_answer", "no_answer",
    "switched_off", "not_now",
)  # fmt: skip
SITTING = ("claim", "order", "deliver", "record completed")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.call_path", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--days", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--profile", default="", help="write what cProfile saw of all days to this file")
    options = parser.parse_args(arguments)
    with empty_installation(), ExitStack() as stack:
        from django.db import connections

        meter = Meter()
        for alias in ("default", "vault"):
            stack.enter_context(connections[alias].execute_wrapper(meter.count))
        _profiled(options.profile, lambda: _live(meter, options.people, options.days, options.seed))
        report: dict[str, Any] = {
            "name": "call_path", "database": "sqlite", "size": options.people, "steps": meter.report()
        }  # fmt: skip
        report["sitting_ms"] = round(sum(report["steps"][step]["ms"] for step in SITTING), 2)
        report["sitting_queries"] = round(sum(report["steps"][step]["queries"] for step in SITTING), 1)
    print(json.dumps(report, indent=1))  # noqa: T201
    return 0


def _profiled(path: str, work: Any) -> None:
    if not path:
        work()
        return
    import cProfile

    profile = cProfile.Profile()
    profile.runcall(work)
    profile.dump_stats(path)


def _live(meter: Meter, people: int, days: int, seed: int) -> None:
    from benchmarks.small_study import SmallStudy
    from casework import upkeep
    from followups.ticking.tick import tick

    study, random = SmallStudy(ENUMERATORS, BEGAN), Random(seed)  # noqa: S311  # nosec B311
    for number in range(people):
        form, by = study.joining(number)
        with meter.step("enrol"):
            study.enrol(form, by, BEGAN)
    for turn in range(days * 8):
        at = BEGAN + turn * STEP
        if turn % 8 == 0:
            # Hourly in an installation: it keeps the phone index in buckets of the right size.
            with meter.step("upkeep"):
                upkeep.run(at)
        with meter.step("tick"):
            moved = tick(at)
        meter.steps["tick"].rows += sum(moved.values())
        # A minute later nothing is due: what a tick costs that finds nothing.
        with meter.step("tick, nothing due"):
            tick(at)
        for caller in study.enumerators:
            for nth in range(CALLS_A_STEP):
                if not _sitting(meter, caller, random, at + timedelta(minutes=14 * nth)):
                    break


def _sitting(meter: Meter, caller: Any, random: Random, at: datetime) -> bool:
    """One call from claim to outcome; False when there was nobody to call."""
    from followups.calling import claiming, delivering, dialling, recording
    from followups.calling.heard import Heard

    with meter.step("claim, or none"):
        claim = claiming.next_call(by=caller, now=at)
    _move_last(meter, "claim, or none", "claim" if claim else "claim, none")
    if claim is None:
        return False
    with meter.step("order"):
        dial = dialling.order(claim_id=claim.pk, by=caller, now=at).dial
    if dial is None:
        return True
    with meter.step("deliver"):
        delivering.deliver(dial_id=dial.pk, now=at + timedelta(seconds=2))
    code = random.choice(OUTCOMES)
    heard = Heard(code, interview=True, recontact=True) if code == "completed" else Heard(code)
    with meter.step(f"record {code}"):
        recording.record(attempt_id=dial.attempt_id, heard=heard, by=caller, now=at + timedelta(minutes=12))
    return True


def _move_last(meter: Meter, source: str, target: str) -> None:
    """What a claim costs is told apart by whether it found anybody."""
    runs, into = meter.steps.pop(source), meter.steps[target]
    into.wall += runs.wall
    into.cpu += runs.cpu
    into.queries += runs.queries


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
