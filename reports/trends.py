"""How the top figures stood before: a week ago, or at the same point of the month or round before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from followups.models.follow_ups import LIVE, FollowUps
from followups.scheduling.outcomes import Letter
from reports.months import begins_at, month_before
from reports.outcomes import Outcomes
from reports.owing import ENOUGH_ATTEMPTS, SOON
from reports.rates import Rate
from reports.wanted import Wanted
from tracker.models.respondents import Status

WEEK = timedelta(days=7)
INTERVIEWED = (Letter.COMPLETE.value, Letter.PARTIAL.value)
REACHED = (*INTERVIEWED, Letter.REFUSAL.value, Letter.OTHER.value)


@dataclass(frozen=True, slots=True)
class PeriodBefore:
    """The month or round before, as it stood when it was as old as the current one is now."""

    recontact: Rate
    reinterview: Rate


@dataclass(frozen=True, slots=True)
class Before:
    """What the five figures are compared with; `period` is None where there is no month or round before."""

    open: int
    at_risk: int
    staying: Rate
    period: PeriodBefore | None


def before(wanted: Wanted, current: Outcomes | None) -> Before:
    """The figures of a week ago and of the period before, in five queries at most, from the rows of today."""
    then = wanted.now - WEEK
    return Before(
        open=_open_at(wanted, then).count(),
        at_risk=_at_risk_at(wanted, then).count(),
        staying=_staying_at(wanted, then),
        period=_period_before(wanted, current) if current else None,
    )


def _open_at(wanted: Wanted, then: datetime) -> FollowUps:
    still = Q(closed_at__gt=then) | Q(state__in=[state.value for state in LIVE])
    return wanted.follow_ups().filter(still, issued_at__lte=then)


def _at_risk_at(wanted: Wanted, then: datetime) -> FollowUps:
    tried = Count("attempts", filter=Q(attempts__started_at__lte=then, attempts__counts_as_burden=True))
    closing = _open_at(wanted, then).filter(closes_at__gt=then, closes_at__lt=then + SOON)
    return closing.annotate(tried=tried).filter(tried__lt=ENOUGH_ATTEMPTS)


def _staying_at(wanted: Wanted, then: datetime) -> Rate:
    """Who had joined by then, and left no earlier."""
    stayed = Q(respondent__status=Status.ACTIVE) | Q(respondent__status_at__gt=then)
    counts = (
        wanted.enrolments()
        .filter(is_followed=True, at__lte=then)
        .aggregate(followed=Count("pk"), active=Count("pk", filter=stayed))
    )
    return Rate(counts["active"], counts["followed"])


def _period_before(wanted: Wanted, current: Outcomes) -> PeriodBefore | None:
    if current.month is not None:
        earlier = month_before(current.month)
        zone_name = wanted.reader.time_zone
        age = wanted.now - begins_at(current.month, zone_name)
        return _counted(replace(wanted, month=earlier).issued(), begins_at(earlier, zone_name) + age)
    number = current.round_number or 0
    starts = _starts_of_rounds(wanted, number)
    if number - 1 not in starts:
        return None
    then = starts[number - 1] + (wanted.now - starts[number])
    return _counted(replace(wanted, round_number=number - 1).issued(), then)


def _starts_of_rounds(wanted: Wanted, number: int) -> Mapping[int, datetime]:
    """When the first of a round and of the one before it were issued."""
    rounds = replace(wanted, round_number=None).issued().filter(round_number__in=(number - 1, number))
    return dict(rounds.order_by().values_list("round_number").annotate(Min("issued_at")))


def _counted(issued: FollowUps, then: datetime) -> PeriodBefore:
    ended = Q(closed_at__lte=then)
    counts = issued.filter(issued_at__lte=then).aggregate(
        issued=Count("pk"),
        reached=Count("pk", filter=ended & Q(letter__in=REACHED)),
        interviewed=Count("pk", filter=ended & Q(letter__in=INTERVIEWED)),
    )
    return PeriodBefore(
        recontact=Rate(counts["reached"], counts["issued"]),
        reinterview=Rate(counts["interviewed"], counts["issued"]),
    )
