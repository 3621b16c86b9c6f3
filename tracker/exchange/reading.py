"""A call list in CSV read into rows with their line numbers, or refused as a whole with a sentence."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError, Sentence

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000

_SEPARATORS = ",;\t"
_SPREADSHEET_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_LINES_NAMED = 5
_AROUND_CELLS = " \t\r\n\u00a0\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line of the file it starts on (the header is line 1) and its cells by column, trimmed."""

    line: int
    cells: Mapping[str, str]

    def __repr__(self) -> str:
        return f"<Row {self.line}>"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's columns in their order, and its rows; lines with nothing in them are left out."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read(content: bytes) -> Sheet:
    """The sheet in a CSV file: UTF-8 with or without a mark, parted by comma, semicolon or tab.

    Raises DomainError with a code that begins with `file_`; a file is never read in part.
    """
    text = _decoded(content)
    records = _records(text)
    columns = _columns(records[0][1])
    _refuse_ragged(records, len(columns))
    rows = tuple(Row(line, dict(zip(columns, cells, strict=True))) for line, cells in records[1:])
    if not rows:
        raise _refused(
            "file_has_no_rows", _("The file has a first line with the names of columns and nothing below it.")
        )
    return Sheet(columns, rows)


def _decoded(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise _refused("file_too_large", _("The file is larger than 50 MB."), _("Cut it into smaller files."))
    if content.startswith(_SPREADSHEET_SIGNATURES):
        raise _refused(
            "file_is_spreadsheet", _("This is a spreadsheet. Only CSV files can be read."), _SAVE_AS_CSV
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("file_not_utf8", _("The file is not written in UTF-8."), _SAVE_AS_CSV) from None
    if "\0" in text:
        raise _refused("file_has_nul", _("The file has characters in it that no text has."), _SAVE_AS_CSV)
    if not text.strip():
        raise _refused("file_empty", _("The file is empty."))
    return text


def _records(text: str) -> list[tuple[int, list[str]]]:
    """Every record that has something in it, with the line it starts on."""
    try:
        found = list(_numbered(text))
    except csv.Error:
        raise _refused(
            "file_malformed",
            _("The quotation marks in the file do not match, or a cell is too long."),
            _SAVE_AS_CSV,
        ) from None
    if not found:
        raise _refused("file_empty", _("The file is empty."))
    if len(found) > MAX_ROWS + 1:
        raise _refused(
            "file_too_large", _("The file has more than 200,000 rows."), _("Cut it into smaller files.")
        )
    return found


def _numbered(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    line = 1
    for record in reader:
        cells = [_trimmed(cell) for cell in record]
        if any(cells):
            yield line, cells
        line = reader.line_num + 1


def _trimmed(cell: str) -> str:
    """The cell composed (NFC) and without space around it, no-break space and direction marks included."""
    return unicodedata.normalize("NFC", cell).strip(_AROUND_CELLS)


def _separator(text: str) -> str:
    """The separator found most often in the first line outside of quotes; comma when there is one column only."""
    first_line = next(line for line in text.splitlines() if line.strip())
    unquoted = "".join(first_line.split('"')[::2])
    return max(_SEPARATORS, key=unquoted.count)


def _columns(names: list[str]) -> tuple[str, ...]:
    if not all(names):
        position = names.index("") + 1
        raise _refused(
            "file_column_unnamed",
            _("Column %(position)s of the file has no name.") % {"position": position},
            _NAME_COLUMNS,
        )
    if any(count > 1 for count in Counter(names).values()):
        positions = ", ".join(str(place) for place, name in enumerate(names, 1) if names.count(name) > 1)
        raise _refused(
            "file_columns_repeated",
            _("These columns of the file share a name: %(positions)s.") % {"positions": positions},
            _NAME_COLUMNS,
        )
    return tuple(names)


def _refuse_ragged(records: list[tuple[int, list[str]]], width: int) -> None:
    """A row of another width has most likely lost a quotation mark, so that its cells stand under the wrong columns."""
    ragged = [line for line, cells in records if len(cells) != width]
    if ragged:
        lines = ", ".join(str(line) for line in ragged[:_LINES_NAMED])
        raise _refused(
            "file_rows_ragged",
            _(
                "%(count)s rows do not have as many cells as the first line. The first of them: line %(lines)s."
            )
            % {"count": len(ragged), "lines": lines},
            _SAVE_AS_CSV,
        )


_SAVE_AS_CSV = _("Save it from the survey tool or the spreadsheet as “CSV UTF-8” and try again.")
_NAME_COLUMNS = _("Give each column a name of its own in the first line and try again.")


def _refused(code: str, sentence: Sentence, next_step: Sentence = "") -> DomainError:
    kept = _("Nothing was imported.")
    return DomainError(code, sentence, kept=kept, next_step=next_step)
