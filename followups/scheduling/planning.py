"""When the next interview is owed: windows in whole days on the respondent's own calendar, kept as UTC."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from followups.scheduling.rules import StageRule
from kernel.zones import at_local, local


@dataclass(frozen=True, slots=True)
class Window:
    """The interview may be made in [opens_at, closes_at) and is best made from `due_at`, all aware UTC.

    `first_due_on` is set when the day once due had passed before the interview could be planned.
    """

    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    first_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """Nobody is called; a coordinator looks at the case again on this local date."""

    on: date


@dataclass(frozen=True, slots=True)
class RoundDates:
    """A wave of a calendar study, in local dates; the last day is included."""

    opens_on: date
    closes_on: date
    due_on: date | None = None


def plan_next(
    rule: StageRule, *, anchor_at: datetime, zone_name: str, nth: int, now: datetime
) -> Window | Review:
    """The window of the n-th follow-up at this stage (from 1), or the review where nobody is called.

    `anchor_at` is the last completed interview, else the stage transition, else the enrolment. A due day that has
    passed (an old list, a long silence) becomes today, so the window is open now and lasts its full late part; the
    day once due stays visible as `first_due_on`. Store the result: asking again another day moves a late plan on.
    """
    today = local(now, zone_name).date()
    anchor_on = local(anchor_at, zone_name).date()
    if not rule.outbound:
        return Review(max(anchor_on + timedelta(days=rule.review_days or 0), today))
    due_on = anchor_on + timedelta(days=rule.interval(nth))
    if due_on < today:
        return _window(rule, today, zone_name, first_due_on=due_on)
    return _window(rule, due_on, zone_name)


def plan_in_round(
    rule: StageRule, dates: RoundDates, *, zone_name: str, now: datetime
) -> Window | Review | None:
    """The same in a calendar study, from the dates of the wave; None when the wave is over on the person's clock."""
    today = local(now, zone_name).date()
    if not rule.outbound:
        return Review(today + timedelta(days=rule.review_days or 0))
    if dates.closes_on < today or dates.closes_on < dates.opens_on:
        return None
    due_on = min(max(dates.due_on or dates.opens_on, dates.opens_on), dates.closes_on)
    return Window(
        opens_at=_midnight(dates.opens_on, zone_name),
        due_at=_midnight(due_on, zone_name),
        closes_at=_midnight(dates.closes_on + timedelta(days=1), zone_name),
    )


def _window(rule: StageRule, due_on: date, zone_name: str, first_due_on: date | None = None) -> Window:
    """Days are counted on the local calendar and only then turned to UTC: a day may have 23, 24 or 25 hours."""
    return Window(
        opens_at=_midnight(due_on - timedelta(days=0 if first_due_on else rule.early_days), zone_name),
        due_at=_midnight(due_on, zone_name),
        closes_at=_midnight(due_on + timedelta(days=rule.late_days + 1), zone_name),
        first_due_on=first_due_on,
    )


def _midnight(on: date, zone_name: str) -> datetime:
    return at_local(on, time(), zone_name)
