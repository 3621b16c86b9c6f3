"""What can be wrong with a mapping, a file or one of its rows, told without repeating what a cell holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError, Sentence


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a mapping: the key it is written under, and a sentence."""

    key: str
    sentence: Sentence

    def __str__(self) -> str:
        return f"{self.key}: {self.sentence}"


class MappingRefused(DomainError):
    """The mapping cannot be used, on its own or with this file; `problems` has every reason at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "mapping_refused",
            "\n".join(
                [str(_("The mapping cannot be used.")), *(f"- {problem}" for problem in self.problems)]
            ),
            kept=_("Nothing was imported."),
            next_step=_("Correct the mapping and run the import again."),
        )


class ValueKind(StrEnum):
    """What a refused cell was meant to hold."""

    CASE_ID = "case id"
    NUMBER = "number"
    LANGUAGE = "language"
    STAGE = "stage"
    COUNTRY = "country"
    PROFILE = "profile"
    CONSENT = "consent"
    CONSENT_DATE = "consent date"


class Reason(StrEnum):
    """Why a row was refused."""

    MISSING = "missing"
    REPEATED = "repeated"
    IMPOSSIBLE = "impossible"
    NO_NUMBER = "no_number"
    UNKNOWN_VALUE = "unknown_value"
    NOT_A_DATE = "not_a_date"
    IN_THE_FUTURE = "in_the_future"


_SENTENCES: dict[Reason, Sentence] = {
    Reason.MISSING: _("The cell is empty."),
    Reason.REPEATED: _("Another row of the file has the same case id, and it is not known which is right."),
    Reason.IMPOSSIBLE: _(
        "This cannot be a phone number. Check its country code and the count of its digits."
    ),
    Reason.NO_NUMBER: _("The row has consent and no phone number."),
    Reason.UNKNOWN_VALUE: _("The mapping does not say what this value means."),
    Reason.NOT_A_DATE: _("This is not a date in the form the mapping names."),
    Reason.IN_THE_FUTURE: _("This date has not come yet."),
}


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was refused: its line in the file, the column, the kind of value and the reason; never the value."""

    row: int
    column: str
    kind: ValueKind
    reason: Reason

    @property
    def sentence(self) -> Sentence:
        """The reason in words, in the reader's language."""
        return _SENTENCES[self.reason]
