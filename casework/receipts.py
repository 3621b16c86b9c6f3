"""What a person is told after a withdrawal: what ended, what was destroyed, and when that is final."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Grade(models.TextChoices):
    """How far a withdrawal goes; each contains the one before."""

    STOP = "stop", _("stop contact")
    ERASE_IDENTIFIERS = (
        "erase_identifiers",
        _("stop contact and erase the numbers and words that identify me"),
    )
    ERASE_ALL = "erase_all", _("stop contact and erase everything, also the link to my answers")


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What an erasure destroyed. `survey_tokens` name the answers that are still to be deleted in the survey tool."""

    numbers: int = 0
    sealed_values: int = 0
    keys: int = 0
    survey_tokens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """Printed for the person or read to them; nothing on it says where they are or why they took part.

    `final_by` says by when the next change of keys takes the last way back; None where nobody can say.
    """

    code: str
    grade: Grade
    at: datetime
    follow_ups_closed: int
    appointments_cancelled: int
    requests_closed: int
    destroyed: Destroyed | None = None
    final_by: datetime | None = None

    @property
    def is_erased(self) -> bool:
        return self.destroyed is not None

    @property
    def awaits_erasure(self) -> bool:
        """Contact has stopped, and somebody with the right to erase still has to do it."""
        return self.grade != Grade.STOP and self.destroyed is None
