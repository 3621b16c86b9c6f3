"""No cell we write begins a formula, and nothing unseen gets into one."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.cells import cell

FORMULA = "=+-@＝＋－＠﹦﹢﹣﹫"
UNSEEN = [
    "\u200b",
    "\u200e",
    "\u202e",
    "\ufeff",
    "\x00",
    "\x08",
    "\x1b",
    "\u00ad",
    "\u2060",
    "\ue000",
    "\u3164",
    "\ufe0f",
]


@pytest.mark.parametrize("first", FORMULA)
def test_a_cell_that_would_begin_a_formula_is_made_text(first):
    assert cell(f"{first}1+1") == f"'{first}1+1"


@pytest.mark.parametrize("unseen", [*UNSEEN, "\t", "\r", "\n", " ", "\u00a0", "\u3000"])
def test_nothing_unseen_hides_a_formula(unseen):
    assert cell(f"{unseen}=cmd|' /C calc'!A0").lstrip(" '\u00a0\u3000").startswith("=cmd")
    assert cell(f"{unseen}=cmd|' /C calc'!A0").startswith("'")


def test_line_breaks_and_tabs_become_spaces_and_the_rest_stays():
    assert cell('one\r\ntwo\tthree, "four"; five') == 'one  two three, "four"; five'


@pytest.mark.parametrize(
    ("given_", "written"), [(None, ""), (3, "3"), (-3, "'-3"), ("", ""), ("مرحبا", "مرحبا")]
)
def test_whatever_is_given_is_written_as_text(given_, written):
    assert cell(given_) == written


ANYTHING = st.text() | st.text(alphabet=[*FORMULA, *UNSEEN, " ", "a", "\t", "\r", "\n", "'"])


@given(ANYTHING)
def test_the_first_sign_that_shows_is_never_one_that_begins_a_formula(text):
    first = cell(text).lstrip()[:1]
    assert first not in FORMULA or first == ""
    assert unicodedata.normalize("NFKC", first)[:1] not in tuple("=+-@")


@given(ANYTHING)
def test_no_control_or_format_character_survives(text):
    assert not [letter for letter in cell(text) if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp")]


@given(ANYTHING)
def test_a_cell_comes_back_from_a_csv_as_it_was_written(text):
    out = io.StringIO()
    csv.writer(out).writerow([cell(text), "next"])
    assert next(csv.reader(io.StringIO(out.getvalue()))) == [cell(text), "next"]
