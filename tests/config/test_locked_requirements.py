"""The locked requirements: installed as they were tested, from whatever index the machine uses."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-semgrep.txt")
PINNED = re.compile(
    r"(?P<name>[a-z0-9._-]+)(\[[a-z0-9,_-]+\])?==\S+( ; [^#]+?)?( --hash=sha256:[0-9a-f]{64})+"
)


def requirements(name: str) -> list[str]:
    """The logical lines of a lock: continuations joined, comments gone."""
    joined = (ROOT / name).read_text().replace("\\\n", " ")
    lines = (re.sub(r"\s+", " ", line).strip() for line in joined.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_is_pinned_and_hashed(name):
    loose = [line[:80] for line in requirements(name) if not PINNED.fullmatch(line)]

    assert requirements(name)
    assert loose == []


@pytest.mark.parametrize("name", LOCKS)
def test_no_index_address_is_in_a_lock(name):
    assert (
        re.findall(r"https?:|--(?:extra-)?index-url|--find-links|--trusted-host", (ROOT / name).read_text())
        == []
    )


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-semgrep"])
def test_every_package_asked_for_is_locked(name):
    asked = {
        re.split(r"[\[=<>\s#]", line)[0]
        for line in (ROOT / f"{name}.in").read_text().splitlines()
        if line and line[0] not in "#-"
    }
    locked = {PINNED.fullmatch(line)["name"] for line in requirements(f"{name}.txt")}

    assert asked - locked == set()
