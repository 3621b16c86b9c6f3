"""A mapping held against a file before any row is read: are all columns accounted for, and is nobody named?"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from tracker.exchange.identifying import holds_identities
from tracker.exchange.mapping import CaseMapping, ValueSource, folded
from tracker.exchange.problems import MappingRefused, Problem
from tracker.exchange.reading import Row, Sheet


def check(mapping: CaseMapping, sheet: Sheet) -> None:
    """Raise MappingRefused with every column that is not mapped, is missing, or holds identities."""
    problems = _column_problems(mapping, sheet.columns) or _content_problems(mapping, sheet.rows)
    if problems:
        raise MappingRefused(problems)


def _column_problems(mapping: CaseMapping, columns: tuple[str, ...]) -> list[Problem]:
    kept = mapping.kept_columns()
    spoken_of = {*kept, *mapping.dropped}
    if spoken_of.isdisjoint(columns):
        # The first line may be a person's row: its cells must not be repeated as if they were titles.
        return [
            Problem(
                "columns", _("The first line of the file has none of the columns that the mapping names.")
            )
        ]
    missing = [Problem(column, _("The file has no such column.")) for column in kept if column not in columns]
    unmapped = [Problem(column, _UNMAPPED) for column in columns if column not in spoken_of]
    return missing + unmapped


_UNMAPPED = _(
    "The mapping does not say what this column of the file is. Map it, or list it under [dropped] with a reason."
)


def _content_problems(mapping: CaseMapping, rows: tuple[Row, ...]) -> list[Problem]:
    case_ids = [row.cells[mapping.case_id] for row in rows]
    problems = []
    if holds_identities(case_ids):
        problems.append(Problem(mapping.case_id, _LOOKS_LIKE_NAMES))
    if _are_numbers(mapping, rows):
        problems.append(
            Problem(mapping.case_id, _("The case ids are phone numbers. Use an id that cannot be dialled."))
        )
    for source in (mapping.language, mapping.stage, mapping.country, *mapping.profile.values()):
        if source.column and holds_identities(_without_meaning(source, rows)):
            problems.append(Problem(source.column, _LOOKS_LIKE_NAMES))
    return problems


_LOOKS_LIKE_NAMES = _("What this column holds looks like names or addresses. Such things are never kept.")


def _without_meaning(source: ValueSource, rows: tuple[Row, ...]) -> list[str]:
    """Cells the mapping gives no meaning to; “Haitian Creole” with one is a language and no name."""
    cells = (row.cells[source.column] for row in rows)
    return [cell for cell in cells if cell and source.meaning_of(cell) is None]


def _are_numbers(mapping: CaseMapping, rows: tuple[Row, ...]) -> bool:
    """Whether any case id is written with + like a number, or repeats a number of its own row."""
    return any(
        _is_number(row.cells[mapping.case_id], (row.cells[each.column] for each in mapping.numbers))
        for row in rows
    )


def _is_number(case_id: str, numbers: Iterable[str]) -> bool:
    digits = _digits(case_id)
    if len(digits) < 7:
        return False
    return folded(case_id).startswith("+") or any(_digits(number).endswith(digits) for number in numbers)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())
