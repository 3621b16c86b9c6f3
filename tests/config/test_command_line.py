"""A command without its settings answers with a sentence, and does nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "only-for-tests", "SESSION_IDLE_SECONDS": "soon"}, "SESSION_IDLE_SECONDS"),
    ],
)
def test_a_setting_that_is_missing_or_wrong_is_named_in_a_sentence(environment, sentence):
    variables = {name: value for name, value in {**os.environ, **environment}.items() if value is not None}

    ended = subprocess.run(
        [sys.executable, "manage.py", "tick"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert "Nothing was done." in ended.stderr
    assert "Traceback" not in ended.stderr
