"""The call list of a real survey tool, read with the example mapping."""

import os
import warnings
from collections import Counter
from pathlib import Path

import pytest

from tracker.exchange import checking, mapping_files, reading
from tracker.exchange.staging import stage
from tracker.numbers import Standing

ROOT = Path(__file__).resolve().parents[3]
SHARED_DATA = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))
LIST = SHARED_DATA / "surveycto" / "cases_mobilizer.csv"
MAPPING = ROOT / "docs" / "examples" / "cases_mobilizer.toml"


@pytest.fixture
def content():
    if not LIST.exists():
        warnings.warn("SKIPPED: the real call list was not tried; set SHARED_DATA", stacklevel=1)
        pytest.skip("the real call list is not here; set SHARED_DATA to the folder that has surveycto/")
    return LIST.read_bytes()


def test_the_real_list_comes_in_whole_with_unlikely_numbers_as_unverified(content):
    mapping, sheet = mapping_files.read_mapping(MAPPING.read_text()), reading.read(content)
    checking.check(mapping, sheet)
    result = stage(sheet.rows, mapping)
    assert (result.rows_read, len(result.cases), result.counted_only, result.errors) == (20, 20, (), ())
    standings = Counter(each.number.status for case in result.cases for each in case.numbers)
    assert standings == {Standing.VALID: 17, Standing.POSSIBLE: 12}


def test_no_name_of_the_real_list_goes_any_further(content):
    mapping, sheet = mapping_files.read_mapping(MAPPING.read_text()), reading.read(content)
    result = stage(sheet.rows, mapping)
    names = [row.cells["name"].split()[0] for row in sheet.rows]
    assert not any(name in str(result.cases) for name in names)


def test_the_real_list_without_its_area_codes_is_refused_row_by_row(content):
    without = content.replace(b"(742) ", b"")
    result = stage(reading.read(without).rows, mapping_files.read_mapping(MAPPING.read_text()))
    assert [(error.row, error.column) for error in result.errors] == [(2, "phone1")]
    assert len(result.cases) == 19


def test_the_example_mapping_is_one_that_can_be_used():
    assert mapping_files.read_mapping(MAPPING.read_text()).case_id == "id"
