"""Finding a PostgreSQL for the tests."""

import subprocess
import sys
from pathlib import Path

from tests.services import postgres

ROOT = Path(__file__).resolve().parents[2]


def test_the_newest_of_several_installed_versions_is_taken(tmp_path):
    for version in ("9", "15", "18", "common"):
        (tmp_path / version / "bin").mkdir(parents=True)

    folders = postgres.system_folders(tmp_path)

    assert [folder.parent.name for folder in folders] == ["18", "15", "9"]


def test_a_named_server_gets_a_second_database_for_the_vault():
    addresses = postgres.named("postgres://tester:secret@db.example.org:5433/panel?sslmode=require")

    assert addresses.main == "postgres://tester:secret@db.example.org:5433/panel?sslmode=require"
    assert addresses.vault == "postgres://tester:secret@db.example.org:5433/panel_vault?sslmode=require"


def test_the_command_without_anything_to_run_says_how_it_is_used():
    result = subprocess.run(
        [sys.executable, "-m", "tests.services.postgres", "--"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 2
    assert result.stderr.startswith("usage:")
