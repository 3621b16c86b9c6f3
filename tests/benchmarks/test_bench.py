"""`make bench` runs, and writes what scripts read; what its figures say is not judged here."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.either]

ROOT = Path(__file__).resolve().parents[2]
IN_THE_CONTRACT = {"name", "database", "size", "value", "unit", "bare", "ratio"}


SECONDS = 300


@pytest.fixture(scope="module")
def done(migrated, tmp_path_factory):
    """A bench of twenty rows on SQLite: what it said, what it wrote, and the demo's databases before it."""
    out = tmp_path_factory.mktemp("bench") / "bench.json"
    before = databases_of_the_demo()
    what = [
        "--tables",
        str(migrated.folder),
        "--sizes",
        "20",
        "--databases",
        "sqlite",
        "--only",
        "sealing",
        "rotation",
        "lookup",
    ]
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--out", str(out), *what],
        cwd=ROOT, env={**os.environ, "BENCH_QUICK": "1"}, capture_output=True, text=True, check=False,
        timeout=SECONDS,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(out.read_text(encoding="utf-8")), before


def databases_of_the_demo():
    return {path.name: path.stat().st_mtime_ns for path in (ROOT / "var" / "db").glob("*.sqlite3")}


def test_a_bench_writes_every_figure_in_the_form_that_scripts_read(done):
    figures, _before = done

    assert {frozenset(one) for one in figures} == {frozenset(IN_THE_CONTRACT)}
    assert [(one["name"], one["database"], one["size"]) for one in figures] == [
        ("seal", "none", 200),
        ("open", "none", 200),
        ("unwrap and open", "none", 200),
        ("keys wrapped anew", "sqlite", 20),
        ("vault_rotate", "sqlite", 20),
        ("phone lookup", "sqlite", 20),
        ("phone lookup", "sqlite", 200),
        ("phone lookup, flat", "sqlite", 200),
    ]


def test_a_ratio_is_ours_over_the_bare_primitive(done):
    figures, _before = done

    for one in figures:
        assert one["ratio"] == pytest.approx(one["value"] / one["bare"], rel=0.02, abs=0.001), one["name"]


def test_a_bench_leaves_the_databases_of_the_demo_alone(done):
    _figures, before = done

    assert databases_of_the_demo() == before
