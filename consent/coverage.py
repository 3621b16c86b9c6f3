"""Which words exist in which language, and which are still missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from accounts.models import StaffLanguage
from consent.models import Wording, Wordings
from consent.purposes import Purpose
from kernel import languages

FOR_ANY_STUDY = (Purpose.INTERVIEW, Purpose.KEEP_NUMBER, Purpose.RECONTACT)
"""What has to be asked of everybody who is to be called again."""


class Coverage(StrEnum):
    """How far the words for one purpose in one language have come."""

    MISSING = "missing"
    DRAFTED = "drafted"
    APPROVED = "approved"
    REVISED = "revised"  # approved, and a newer draft waits


@dataclass(frozen=True, slots=True)
class Cell:
    """One purpose in one language; `version` is the newest approved one, 0 for none."""

    purpose: Purpose
    language: str
    coverage: Coverage
    version: int = 0

    @property
    def is_lacking(self) -> bool:
        """Whether every study in this language waits for these words."""
        return not self.may_be_read and self.purpose in FOR_ANY_STUDY

    @property
    def may_be_read(self) -> bool:
        return self.version > 0


def coverage(codes: Iterable[str], purposes: Iterable[Purpose] = tuple(Purpose)) -> list[list[Cell]]:
    """One row per purpose, one cell per language, in one query."""
    wanted = list(codes)
    lines = Wording.objects.filter(language__in=wanted).values_list(
        "purpose", "language", "version", "approved_at"
    )
    newest: dict[tuple[str, str], int] = {}
    approved: dict[tuple[str, str], int] = {}
    for purpose, code, version, approved_at in lines:
        where = (purpose, code)
        newest[where] = max(version, newest.get(where, 0))
        if approved_at is not None:
            approved[where] = max(version, approved.get(where, 0))
    return [
        [
            _cell(purpose, code, newest.get((purpose, code), 0), approved.get((purpose, code), 0))
            for code in wanted
        ]
        for purpose in purposes
    ]


def uncovered(codes: Iterable[str]) -> list[Cell]:
    """What every study needs in these languages and has no approved words for."""
    return [cell for row in coverage(codes, FOR_ANY_STUDY) for cell in row if not cell.may_be_read]


def languages_in_view(wordings: Wordings) -> list[str]:
    """The languages the open accounts speak and those something is written in, in the panel's order."""
    spoken = StaffLanguage.objects.filter(user__is_active=True).values_list("language", flat=True)
    seen = {*spoken, *wordings.order_by().values_list("language", flat=True)}
    return [code for code in languages.LANGUAGES if code in seen]


def _cell(purpose: Purpose, code: str, newest: int, approved: int) -> Cell:
    if newest == 0:
        return Cell(purpose, code, Coverage.MISSING)
    if approved == 0:
        return Cell(purpose, code, Coverage.DRAFTED)
    return Cell(purpose, code, Coverage.REVISED if newest > approved else Coverage.APPROVED, approved)
