import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import DomainError
from tracker.exchange import reading


def cells(content):
    return [dict(row.cells) for row in reading.read(content).rows]


@pytest.mark.parametrize(
    "content",
    [
        b"id,tel\n7,x\n",
        b"\xef\xbb\xbfid,tel\n7,x\n",
        b"id;tel\r\n7;x\r\n",
        b"id\ttel\n7\tx",
        b'"id";"tel"\n"7";"x"\n',
        "\u00a0id , tel\n7\u00a0, x \n".encode(),
        "\u200fid\u200f,tel\n\u200e7,x\n".encode(),
        b"id,tel\n\n7,x\n,\n",
    ],
)
def test_a_list_is_read_whatever_tool_wrote_it(content):
    assert cells(content) == [{"id": "7", "tel": "x"}]


def test_a_separator_inside_quotes_does_not_part_a_column():
    assert cells(b'"id;no;nr",tel\n7,x\n') == [{"id;no;nr": "7", "tel": "x"}]


def test_a_row_knows_the_line_it_starts_on_even_after_a_cell_of_two_lines():
    rows = reading.read(b'id,note\n1,"two\nlines"\n\n2,one\n').rows
    assert [row.line for row in rows] == [2, 5]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \n\n", "file_empty"),
        (b";;\n", "file_empty"),
        (b"\xef\xbb\xbf\n", "file_empty"),
        (b"id,tel\n", "file_has_no_rows"),
        (b"id,tel\n,\n", "file_has_no_rows"),
        (b"id,tel,id\n1,2,3\n", "file_columns_repeated"),
        (b"id,,tel\n1,2,3\n", "file_column_unnamed"),
        (b"id,tel\n1,2\n3\n", "file_rows_ragged"),
        (b"id,tel\n1,2,3\n", "file_rows_ragged"),
        (b"id,tel\n1,\x00\n", "file_has_nul"),
        ("id,tel\n1,é\n".encode("latin-1"), "file_not_utf8"),
        ("id,tel\n1,2\n".encode("utf-16"), "file_not_utf8"),
        (b'id,tel\n1,"2\n', "file_malformed"),
        (b"id,tel\n1," + b"2" * 200_000, "file_malformed"),
        (b"PK\x03\x04 and so on", "file_is_spreadsheet"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(content, code):
    with pytest.raises(DomainError) as refused:
        reading.read(content)
    assert refused.value.code == code
    assert "Nothing was imported." in str(refused.value)


def test_a_file_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    with pytest.raises(DomainError) as refused:
        reading.read(b"id,tel\n1,2\n")
    assert refused.value.code == "file_too_large"


def test_a_file_of_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    with pytest.raises(DomainError) as refused:
        reading.read(b"id\n1\n2\n3\n")
    assert refused.value.code == "file_too_large"


def test_ragged_rows_are_named_by_line():
    with pytest.raises(DomainError) as refused:
        reading.read(b"id,tel\n1,2\n3\n4,5\n6,7,8\n")
    assert "line 3, 5" in str(refused.value)


@given(st.binary(max_size=80))
def test_any_bytes_give_a_sheet_or_a_refusal(content):
    try:
        sheet = reading.read(content)
    except DomainError as refused:
        assert refused.code.startswith("file_")
    else:
        assert all(tuple(row.cells) == sheet.columns for row in sheet.rows)
