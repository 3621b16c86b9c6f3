"""What the board says of a figure now and before."""

from dataclasses import replace

import pytest

from followups.models import FollowUp
from reports.figures import top_line
from reports.outcomes import outcomes_by_period
from reports.owing import owed_by_stage
from reports.panel import retention_curve
from reports.trends import before
from reports.wanted import Wanted
from tests.reports.rows import DAY, NOW, ended, follow_up, people, round_of, staff, study, team

pytestmark = pytest.mark.django_db
WEEK = 7 * DAY
MONTH = 28 * DAY
"""From a day of March 2026 to the same day of February."""


def wanted(**asked):
    return Wanted(reader=staff(teams=[team()]), now=NOW, **asked)


def compared(**asked):
    one = wanted(**asked)
    periods = outcomes_by_period(one)
    return before(one, periods[0] if periods else None)


def share(rate):
    return (rate.numerator, rate.denominator)


def test_open_a_week_ago_counts_what_had_opened_and_not_yet_ended():
    long_open, new, ended_since, ended_before = people(4)
    old = {"issued_at": NOW - 20 * DAY, "opens_at": NOW - 20 * DAY}
    FollowUp.objects.bulk_create(
        [
            follow_up(long_open, **old),
            follow_up(new),
            ended(ended_since, "I", **old),
            ended(ended_before, "I", **old | {"closed_at": NOW - 8 * DAY}),
        ]
    )
    assert compared().open == 2


def test_at_risk_a_week_ago_counts_those_whose_window_was_closing_then():
    closing, not_closing, closed = people(3)
    old = {"issued_at": NOW - 20 * DAY, "opens_at": NOW - 20 * DAY, "due_at": NOW - 12 * DAY}
    FollowUp.objects.bulk_create(
        [
            follow_up(closing, **old, closes_at=NOW - DAY),
            follow_up(not_closing, **old, closes_at=NOW + 20 * DAY),
            ended(closed, "NC", **old, closes_at=NOW - 9 * DAY, closed_at=NOW - 9 * DAY),
        ]
    )
    assert compared().at_risk == 1


def test_retention_a_week_ago_counts_whoever_left_since_as_staying():
    people(2, status_at=NOW - 90 * DAY)
    people(1, status="stopped", status_at=NOW - DAY)
    people(1, status="stopped", status_at=NOW - 9 * DAY)
    assert share(compared().staying) == (3, 4)


def test_the_month_before_is_taken_as_it_stood_on_the_same_day():
    now, by_then, later, open_then = people(4)
    opened = {"issued_at": NOW - MONTH - 3 * DAY, "opens_at": NOW - MONTH - 3 * DAY}
    FollowUp.objects.bulk_create(
        [
            ended(now, "I"),
            ended(by_then, "I", **opened, closed_at=NOW - MONTH - DAY),
            ended(later, "I", **opened, closed_at=NOW - MONTH + DAY),
            ended(open_then, "R", **opened, closed_at=NOW - MONTH - DAY),
        ]
    )
    period = compared().period
    assert (share(period.reinterview), share(period.recontact)) == ((1, 3), (2, 3))


def test_the_round_before_is_taken_at_the_age_of_the_newest():
    calendar = study("CAL", kind="calendar")
    enrolled = people(2, in_study=calendar)
    first = {"issued_at": NOW - 40 * DAY, "opens_at": NOW - 40 * DAY}
    in_time, too_late = enrolled
    FollowUp.objects.bulk_create(
        [
            ended(in_time, "I", 1, **first, closed_at=NOW - 36 * DAY),
            ended(too_late, "I", 1, **first, closed_at=NOW - 20 * DAY),
            follow_up(in_time, 2),
        ]
    )
    assert share(compared(study=calendar).period.reinterview) == (1, 2)


def test_a_first_round_has_nothing_before_it():
    round_of(people(2), {"I": 2})
    assert compared(round_number=1).period is None


def test_figures_say_what_they_were_and_whether_the_change_is_good():
    stayed, left = people(2, status_at=NOW - 90 * DAY)
    left.respondent.status, left.respondent.status_at = "stopped", NOW - DAY
    left.respondent.save()
    FollowUp.objects.bulk_create(
        [follow_up(stayed), ended(left, "R", issued_at=NOW - 20 * DAY, opens_at=NOW - 20 * DAY)]
    )
    due, reached, _again, staying, risky = figures(wanted())
    assert (due.trend, due.direction, due.kind) == ("7 days ago: 1", "level", "")
    assert (staying.trend, staying.direction, staying.kind) == ("7 days ago: 100.0 %", "down", "attention")
    assert (risky.trend, risky.kind) == ("7 days ago: 0", "")
    assert (reached.trend, reached.direction) == ("", "")


def test_a_rate_without_a_month_before_has_no_trend_rather_than_a_zero():
    round_of(people(2), {"I": 2})
    assert [figure.trend for figure in figures(wanted())[1:3]] == ["", ""]


def figures(asked):
    periods = outcomes_by_period(asked)
    current = periods[0] if periods else None
    return top_line(owed_by_stage(asked), current, retention_curve(asked), before(asked, current))


def test_another_teams_past_is_never_compared_with():
    FollowUp.objects.bulk_create([follow_up(people(1, in_team=team("T2"))[0], issued_at=NOW - 20 * DAY)])
    found = compared()
    assert (found.open, found.staying.denominator) == (0, 0)


def test_the_comparison_takes_as_many_queries_for_many_people_as_for_few(django_assert_max_num_queries):
    calendar = study("CAL", kind="calendar")
    asked = replace(wanted(), study=calendar)
    enrolled = people(30, in_study=calendar)
    round_of(enrolled, {"I": 20, "NC": 10}, 1)
    round_of(enrolled, {"I": 30}, 2)
    (current, *_rest) = outcomes_by_period(asked)
    with django_assert_max_num_queries(5):
        before(asked, current)
