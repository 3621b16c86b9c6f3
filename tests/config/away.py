"""A database that is away, and a process of its own that meets it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Port 1 of this machine: nothing listens there.
ADDRESS = "postgres://keeper:hidden@127.0.0.1:1/panel"


def run(program: str) -> subprocess.CompletedProcess[str]:
    """Run these lines after Django was set up on a main database that does not answer."""
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {program}"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": ADDRESS, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
