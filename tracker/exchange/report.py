"""What an import did, told as text or JSON: counts, and the rows refused; never whether a number was known."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tracker.exchange.problems import RowError


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Every row read is enrolled, counted only, already imported (same source and case id) or refused."""

    rows_read: int
    enrolled: int
    counted_only: int
    already_imported: int
    refused: tuple[RowError, ...]

    @property
    def rows_refused(self) -> int:
        """How many rows were refused; a row may have several errors."""
        return len({error.row for error in self.refused})

    def as_json(self) -> str:
        """One JSON document."""
        return json.dumps(
            {
                "rows_read": self.rows_read,
                "enrolled": self.enrolled,
                "counted_only": self.counted_only,
                "already_imported": self.already_imported,
                "rows_refused": self.rows_refused,
                "refused": [_error_as_json(error) for error in self.refused],
            },
            ensure_ascii=False,
        )

    def as_text(self) -> str:
        """Lines to read: the counts, then one line for each error."""
        counts = [
            _("Rows read: %(count)s") % {"count": self.rows_read},
            _("Enrolled: %(count)s") % {"count": self.enrolled},
            _("Counted only, without consent: %(count)s") % {"count": self.counted_only},
            _("Already imported: %(count)s") % {"count": self.already_imported},
            _("Refused: %(count)s") % {"count": self.rows_refused},
        ]
        return "\n".join(counts + [_error_as_text(error) for error in self.refused])


def _error_as_json(error: RowError) -> dict[str, object]:
    return {
        "row": error.row,
        "column": error.column,
        "kind": error.kind.value,
        "reason": error.reason.value,
        "sentence": str(error.sentence),
    }


def _error_as_text(error: RowError) -> str:
    where = {"row": error.row, "column": error.column, "kind": error.kind.value, "why": error.sentence}
    return _("Row %(row)s, column “%(column)s” (%(kind)s): %(why)s") % where
