"""What became of everyone issued, by round or by month of opening, counted in the database."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Value, When

from followups.models.follow_ups import LIVE, FollowUps
from followups.scheduling.final_codes import NOT_ATTEMPTED
from followups.scheduling.outcomes import Letter
from reports.months import begins_at, latest_months
from reports.rates import PANEL_ELIGIBILITY, OutcomeRates, Tally, outcome_rates
from reports.retention import WaveRates, wave_rates
from reports.wanted import Wanted
from tracker.models.studies import StudyKind

PERIODS_SHOWN = 6

OPEN = Q(state__in=[state.value for state in LIVE])
INTERVIEWED = ~OPEN & Q(letter__in=[Letter.COMPLETE.value, Letter.PARTIAL.value])
UNKNOWN = ("UH", Letter.UNKNOWN.value)
CODED = (*(letter.value for letter in Letter), "UH")


def _ended_as(letter: Letter) -> Q:
    return ~OPEN & Q(letter=letter.value)


COLUMNS: dict[str, Q] = {
    "complete": _ended_as(Letter.COMPLETE),
    "partial": _ended_as(Letter.PARTIAL),
    "refused": _ended_as(Letter.REFUSAL),
    "not_contacted": _ended_as(Letter.NON_CONTACT),
    "other": _ended_as(Letter.OTHER),
    "not_located": ~OPEN & Q(letter__in=UNKNOWN) & ~Q(aapor=NOT_ATTEMPTED.aapor),
    "not_attempted": ~OPEN & Q(letter__in=UNKNOWN, aapor=NOT_ATTEMPTED.aapor),
    "not_eligible": _ended_as(Letter.NOT_ELIGIBLE),
    "uncoded": ~OPEN & ~Q(letter__in=CODED),
    "still_open": OPEN,
}
"""Every issued follow-up falls under exactly one of these (method 2.2)."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The issued of one round or month, each under one column; `uncoded` were taken back before they had a code."""

    round_number: int | None
    month: date | None
    issued: int
    complete: int = 0
    partial: int = 0
    refused: int = 0
    not_contacted: int = 0
    other: int = 0
    not_located: int = 0
    not_attempted: int = 0
    not_eligible: int = 0
    uncoded: int = 0
    still_open: int = 0

    @property
    def tally(self) -> Tally:
        """The letters of the rates. What is open, untried or without a code is unknown, and never left out."""
        return Tally(
            complete=self.complete,
            partial=self.partial,
            refused=self.refused,
            not_contacted=self.not_contacted,
            other=self.other,
            unknown_other=self.not_located + self.not_attempted + self.uncoded + self.still_open,
            not_eligible=self.not_eligible,
        )

    @property
    def rates(self) -> OutcomeRates:
        return outcome_rates(self.tally, eligibility=PANEL_ELIGIBILITY)

    @property
    def wave(self) -> WaveRates:
        return wave_rates(self.tally, issued=self.issued)


def outcomes_by_period(wanted: Wanted) -> tuple[Outcomes, ...]:
    """The latest rounds (when one, or a calendar study, is asked for) or months of opening, newest first."""
    if _is_by_round(wanted):
        rows = _counted(wanted.issued(), "round_number").order_by("-round_number")[:PERIODS_SHOWN]
        return tuple(Outcomes(month=None, **row) for row in rows)
    months = _months(wanted)
    rows = _counted(_in_months(wanted, months), "nth").order_by("nth")
    return tuple(Outcomes(round_number=None, month=months[row.pop("nth")], **row) for row in rows)


def issued_in_view(wanted: Wanted) -> FollowUps:
    """The issued of all the rounds or months that `outcomes_by_period` tells of."""
    if _is_by_round(wanted):
        newest = wanted.issued().aggregate(newest=Max("round_number"))["newest"] or 0
        return wanted.issued().filter(round_number__gt=newest - PERIODS_SHOWN)
    return _in_months(wanted, _months(wanted))


def _is_by_round(wanted: Wanted) -> bool:
    is_calendar = wanted.study is not None and wanted.study.kind == StudyKind.CALENDAR
    return is_calendar or wanted.round_number is not None


def _counted(rows: FollowUps, by: str) -> QuerySet[Any, dict[str, Any]]:
    """One dict for each value of `by`: its issued, and how many of them fall under each column."""
    columns = {name: Count("pk", filter=meaning) for name, meaning in COLUMNS.items()}
    return rows.order_by().values(by).annotate(issued=Count("pk"), **columns)


def _months(wanted: Wanted) -> tuple[date, ...]:
    if wanted.month is not None:
        return (wanted.month,)
    return latest_months(wanted.now, wanted.reader.time_zone, PERIODS_SHOWN)


def _in_months(wanted: Wanted, months: tuple[date, ...]) -> FollowUps:
    """Numbered by month, 0 the newest: compared with instants, which costs less than asking a zone for each row."""
    begins = [begins_at(month, wanted.reader.time_zone) for month in months]
    whens = [When(issued_at__gte=begin, then=Value(nth)) for nth, begin in enumerate(begins)]
    issued = wanted.issued().filter(issued_at__gte=begins[-1])
    return issued.annotate(nth=Case(*whens, output_field=IntegerField()))
