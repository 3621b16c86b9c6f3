"""The tables of docs/security.md: every requirement has its row, and every test that a row names exists."""

import re

import pytest

from tests.architecture.rules import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()
NAMED = re.findall(r"`([a-z_/]+\.py)::(test_\w+)`", PAGE)

ASVS = (
    "6.1.3", "6.2.4", "6.2.12", "6.3.1", "6.3.3", "6.3.4", "6.3.5", "6.3.8", "6.4.3", "6.4.6", "6.5.1", "6.5.6", "6.6",
    "7.2.4", "7.3.1", "7.3.2", "7.4.2", "7.4.3", "7.4.5", "7.5.1", "7.5.3",
    "8.1.2", "8.2.1", "8.2.2", "8.2.3", "8.2.4", "8.3.1", "8.3.2", "8.4.1", "8.4.2",
    "11.1.1", "11.1.2", "11.2.2", "11.2.5", "11.3.3", "11.3.4", "11.4.2", "11.5.1", "11.7.2",
    "13.1.4", "13.2.2", "13.2.4", "13.3.1", "13.3.2", "13.4.2",
    "14.1.1", "14.1.2", "14.2.1", "14.2.2", "14.2.4", "14.2.6", "14.2.7", "14.3.1", "14.3.2", "14.3.3",
    "15.1.2", "15.3.1", "15.3.2", "15.3.3", "15.4.2",
    "16.2.5", "16.3.2", "16.4.1", "16.4.2", "16.4.3", "16.5.3",
)  # fmt: skip
"""The items this project holds itself to: level 2, and those of level 3 that matter here."""

SENTENCE = 40
"""Letters under which nobody has said why there is no test."""


def rows(heading):
    """The rows of the table under a heading, in cells."""
    section = PAGE.split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def functions(path):
    return set(re.findall(r"^\s*def (test_\w+)\(", (ROOT / "tests" / path).read_text(), re.MULTILINE))


@pytest.mark.parametrize("path", sorted({path for path, _name in NAMED}))
def test_every_test_a_row_names_exists(path):
    wanted = {name for file, name in NAMED if file == path}

    assert (ROOT / "tests" / path).exists()
    assert wanted - functions(path) == set()


def test_every_requirement_has_one_row():
    assert [row[0] for row in rows("Requirements")] == [f"H{n}" for n in range(1, 29)]


def test_every_item_has_one_row():
    named = [item for row in rows("ASVS") for item in row[0].split(" (")[0].split(", ")]

    assert sorted(named) == sorted(ASVS)


@pytest.mark.parametrize("heading", ["Requirements", "ASVS"])
def test_every_row_names_a_test_or_says_why_there_is_none(heading):
    silent = [row[0] for row in rows(heading) if "::test_" not in row[-1] and len(row[-1]) < SENTENCE]

    assert silent == []


@pytest.mark.parametrize("heading", ["Requirements", "ASVS"])
def test_no_row_is_cut_by_its_own_words(heading):
    assert {len(row) for row in rows(heading)} == {3}
