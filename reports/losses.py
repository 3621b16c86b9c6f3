"""Who is being lost: the issued that ended without an interview, by reason and stage, and the list behind each cell."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from followups.models import FollowUp
from followups.models.follow_ups import Ended, FollowUps, State
from kernel import languages
from reports.outcomes import issued_in_view
from reports.rates import Rate
from reports.wanted import Wanted
from tracker.labels import STAGE_LABELS, stage_label

BY_REASON = "reason"


@dataclass(frozen=True, slots=True)
class Cell:
    """How many ended for one reason at one stage."""

    stage: str
    label: str
    how_many: int


@dataclass(frozen=True, slots=True)
class Loss:
    """One reason: how many ended for it at each stage and in all, and their share of all that ended so."""

    code: str
    reason: str
    cells: tuple[Cell, ...]
    share: Rate

    @property
    def how_many(self) -> int:
        return sum(cell.how_many for cell in self.cells)

    def at(self, stage: str) -> int:
        """How many at this stage; in all for what is no stage of the table."""
        return next((cell.how_many for cell in self.cells if cell.stage == stage), self.how_many)


@dataclass(frozen=True, slots=True)
class Losses:
    """The table; `sorted_by` is `reason`, the code of a stage, or empty for the most frequent reason first."""

    rows: tuple[Loss, ...]
    sorted_by: str

    @property
    def stages(self) -> tuple[tuple[str, str], ...]:
        """Codes and labels of the columns, in the order of the journey."""
        return tuple((cell.stage, cell.label) for cell in self.rows[0].cells) if self.rows else ()


@dataclass(frozen=True, slots=True)
class LostLine:
    """One follow-up that ended without an interview: nothing that identifies anyone."""

    respondent_id: UUID
    code: str
    reason: str
    stage: str
    language: str
    round_number: int
    closed_at: datetime | None


def losses(wanted: Wanted, sorted_by: str = "") -> Losses:
    """Why the issued of the rounds or months in view were missed or cancelled, in one query or two."""
    counted = _ended(wanted).order_by().values_list("ended", "stage").annotate(Count("pk"))
    found = {(reason, stage): many for reason, stage, many in counted}
    stages = [code for code, _label in STAGE_LABELS if any(stage == code for _reason, stage in found)]
    total = sum(found.values())
    totals = Counter[str]()
    for (reason, _stage), many in found.items():
        totals[reason] += many
    rows = [
        Loss(
            code=reason,
            reason=str(Ended(reason).label),
            cells=tuple(Cell(stage, stage_label(stage), found.get((reason, stage), 0)) for stage in stages),
            share=Rate(totals[reason], total),
        )
        for reason in totals
    ]
    by = sorted_by if sorted_by == BY_REASON or sorted_by in stages else ""
    return Losses(tuple(_sorted(rows, by)), by)


def lost_of(wanted: Wanted, reason: Ended | None) -> FollowUps:
    """The rows behind a cell, those that ended last at the top; `reason` None gives every reason."""
    ended = _ended(wanted)
    rows = ended if reason is None else ended.filter(ended=reason)
    return rows.select_related("respondent").order_by("-closed_at", "pk")


def lost_lines(rows: Iterable[FollowUp], locale: str) -> tuple[LostLine, ...]:
    """A page of rows as the list shows them."""
    return tuple(
        LostLine(
            respondent_id=row.respondent_id,
            code=row.respondent.spoken_code,
            reason=str(Ended(row.ended).label),
            stage=stage_label(row.stage),
            language=languages.names(row.language, locale),
            round_number=row.round_number,
            closed_at=row.closed_at,
        )
        for row in rows
    )


def _ended(wanted: Wanted) -> FollowUps:
    return issued_in_view(wanted).filter(state__in=[State.MISSED, State.CANCELLED])


def _sorted(rows: list[Loss], by: str) -> list[Loss]:
    if by == BY_REASON:
        return sorted(rows, key=lambda row: row.reason)
    return sorted(rows, key=lambda row: (-row.at(by), -row.how_many, row.reason))
