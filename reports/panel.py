"""Who is still in the panel, round by round: the retention curve and its table, counted in the database."""

from dataclasses import dataclass
from itertools import accumulate

from django.db import connection
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from followups.models.follow_ups import FollowUps, State
from reports.charts import LineChart, line_chart
from reports.outcomes import INTERVIEWED, OPEN
from reports.rates import Rate
from reports.retention import cumulative_retention
from reports.wanted import Wanted
from tracker.models.respondents import Status


@dataclass(frozen=True, slots=True)
class Point:
    """One round. `come` are those followed for whom the round has come: a later joiner is not yet lost."""

    round_number: int
    come: int
    interviewed: int
    still_open: int
    cumulative: Rate
    monotone: Rate
    of_baseline: Rate


@dataclass(frozen=True, slots=True)
class Curve:
    """The panel from the baseline on."""

    baseline: int
    followed: int
    active: int
    points: tuple[Point, ...]

    @property
    def staying(self) -> Rate:
        """Still taking part, of all who agreed to be called again; a missed round is no loss."""
        return Rate(self.active, self.followed)

    @property
    def chart(self) -> LineChart:
        lines = (
            [point.cumulative.value for point in self.points],
            [point.monotone.value for point in self.points],
            [point.of_baseline.value for point in self.points],
        )
        ranges = [point.cumulative.interval for point in self.points]
        return line_chart(lines, [str(point.round_number) for point in self.points], ranges)


@dataclass(frozen=True, slots=True)
class _Round:
    issued: int = 0
    interviewed: int = 0
    still_open: int = 0
    planned: int = 0


def retention_curve(wanted: Wanted) -> Curve:
    """The curve of everyone in the reader's scope, in three queries whatever the size of the panel."""
    size = wanted.enrolments().aggregate(
        baseline=Count("pk"),
        followed=Count("pk", filter=Q(is_followed=True)),
        active=Count("pk", filter=Q(is_followed=True, respondent__status=Status.ACTIVE)),
    )
    rounds = _rounds(wanted.history())
    points = _points(size["baseline"], size["followed"], rounds, _kept(wanted.history())) if rounds else ()
    return Curve(points=points, **size)


def _rounds(history: FollowUps) -> dict[int, _Round]:
    counted = (
        history.order_by()
        .values("round_number")
        .annotate(
            issued=Count("pk", filter=Q(issued_at__isnull=False)),
            interviewed=Count("pk", filter=INTERVIEWED),
            still_open=Count("pk", filter=OPEN),
            planned=Count("pk", filter=Q(state=State.PLANNED)),
        )
    )
    return {row.pop("round_number"): _Round(**row) for row in counted}


def _kept(history: FollowUps) -> dict[int, int]:
    """How many were interviewed in a round and in every one before it: of whom it is the interview of that number."""
    in_order = Window(RowNumber(), partition_by="enrolment", order_by="round_number")
    always = history.filter(INTERVIEWED).annotate(place=in_order).filter(place=F("round_number"))
    inner, values = always.order_by().values("round_number").query.sql_with_params()
    # Counted around it: Django would ask for each of them once more by its id, five times as long at a million.
    counted = f"SELECT round_number, COUNT(*) FROM ({inner}) AS kept GROUP BY round_number"  # noqa: S608  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(counted, values)
        return dict(cursor.fetchall())


def _points(
    baseline: int, followed: int, rounds: dict[int, _Round], kept: dict[int, int]
) -> tuple[Point, ...]:
    """A point for every round that somebody was issued in."""
    numbers = range(1, max(rounds) + 1)
    counts = [rounds.get(number, _Round()) for number in numbers]
    planned = list(accumulate(one.planned for one in counts))
    earlier = [0, *accumulate(one.still_open for one in counts)]
    points = []
    for number, one, not_yet, still_before in zip(numbers, counts, planned, earlier, strict=False):
        if one.issued:
            waiting = not_yet + still_before
            come = followed - waiting
            points.append(
                Point(
                    round_number=number,
                    come=come,
                    interviewed=one.interviewed,
                    still_open=one.still_open,
                    cumulative=cumulative_retention(one.interviewed, agreed_to_follow_up=come),
                    monotone=Rate(kept.get(number, 0), come),
                    of_baseline=Rate(one.interviewed, baseline - waiting),
                )
            )
    return tuple(points)
