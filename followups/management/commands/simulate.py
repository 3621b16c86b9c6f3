"""`manage.py simulate`: ways of choosing when to call, compared in a synthetic world."""

import json
import os
from argparse import ArgumentParser
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from followups.simulation.comparing import Gain, gains, means
from followups.simulation.running import PolicyName, Result, run_named
from followups.simulation.world import WorldSpec, spec_from

Results = dict[PolicyName, tuple[Result, ...]]
MOST_SEEDS = 1_000


class Command(BaseCommand):
    help = "Compare policies of calling in a synthetic world; docs/guides/measuring.md says what the figures mean."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--world", required=True, type=Path, metavar="WORLD.json", help="the world's numbers"
        )
        parser.add_argument(
            "--policy", required=True, type=_policies, metavar="P[,P…]", help=", ".join(PolicyName)
        )
        parser.add_argument("--seeds", type=int, default=5, metavar="N", help="how many worlds of the kind")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many at once")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when it ran, 1 with a sentence for a world that cannot be, 2 for wrong usage."""
        if not 1 <= options["seeds"] <= MOST_SEEDS:
            raise CommandError(f"--seeds is a whole number from 1 to {MOST_SEEDS}.", returncode=2)
        spec = _world(options["world"])
        results = _run(spec, options["policy"], options["seeds"], max(options["processes"], 1))
        self.stdout.write(_as_json(spec, results) if options["json"] else _as_text(results))


def _policies(text: str) -> tuple[PolicyName, ...]:
    try:
        return tuple(dict.fromkeys(PolicyName(name) for name in text.split(",")))
    except ValueError as unknown:
        raise CommandError(f"{unknown}; the policies are {', '.join(PolicyName)}.", returncode=2) from None


def _world(path: Path) -> WorldSpec:
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as unreadable:
        raise CommandError(f"The world {path.name} cannot be read: {unreadable}.") from None
    try:
        return spec_from(written if isinstance(written, dict) else {"the document": "an object"})
    except ValueError as impossible:
        raise CommandError(f"The world {path.name} cannot be: {impossible}.") from None


def _run(spec: WorldSpec, policies: tuple[PolicyName, ...], seeds: int, processes: int) -> Results:
    jobs = [(name, seed) for name in policies for seed in range(seeds)]
    if processes == 1 or len(jobs) == 1:
        done = [run_named(spec, job) for job in jobs]
    else:
        with get_context("fork").Pool(min(processes, len(jobs))) as pool:
            done = pool.map(partial(run_named, spec), jobs, chunksize=1)
    return {
        name: tuple(result for (one, _seed), result in zip(jobs, done, strict=True) if one is name)
        for name in policies
    }


def _as_json(spec: WorldSpec, results: Results) -> str:
    document: dict[str, Any] = {"policies": {name: means(some) for name, some in results.items()}}
    document |= {"world": asdict(spec), "seeds": len(next(iter(results.values())))}
    for over in (PolicyName.ROTATION, PolicyName.RECENT):
        if over in results:
            document[f"against_{over}"] = {name: _finite(gain) for name, gain in gains(results, over).items()}
    return json.dumps(document, indent=2)


def _finite(gain: Gain) -> dict[str, list[float | None]]:
    """JSON has no infinity: an interval that one seed cannot give is null."""
    return {
        name: [value if abs(value) != float("inf") else None for value in values]
        for name, values in asdict(gain).items()
    }


def _as_text(results: Results) -> str:
    lines = [
        f"{'policy':24}{'dials a contact':>17}{'reached':>10}{'lowest fifth':>14}{'first dial':>12}{'broken':>8}"
    ]
    for name, some in results.items():
        mean = means(some)
        lines.append(
            f"{name:24}{mean['dials_per_contact']:>17.3f}{mean['wave_contact_rate']:>10.2%}"
            f"{mean['wave_contact_rate_lowest_fifth']:>14.2%}{mean['first_dial_rate']:>12.2%}"
            f"{mean['filter_violations']:>8}"
        )
    if PolicyName.ROTATION in results:
        for name, gain in gains(results, PolicyName.ROTATION).items():
            mean_gain, low, high = gain.dials_percent
            lines.append(
                f"{name} against rotation: {mean_gain:+.1f} % dials a contact ({low:+.1f} to {high:+.1f})"
            )
    return "\n".join(lines)
