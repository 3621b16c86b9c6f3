"""Who is on hold, who stands first in the list, and what narrows it."""

import pytest

from followups.models import Hold
from followups.models.restraints import HoldKind
from reports.held import held_lines, held_of
from reports.wanted import Wanted
from tests.reports.rows import DAY, NOW, people, staff, team

pytestmark = pytest.mark.django_db


def wanted(**asked):
    return Wanted(reader=staff(teams=[team()]), now=NOW, **asked)


def hold(enrolment, **columns):
    given = {"kind": "safety", "placed_at": NOW - 3 * DAY, **columns}
    return Hold.objects.create(respondent=enrolment.respondent, **given)


def listed(kind=None, only_due=False, **asked):
    return list(held_of(wanted(**asked), kind, only_due=only_due))


def test_whoever_waits_longest_for_a_review_stands_first():
    one, other, third = people(3)
    later, never = hold(one, review_at=NOW + DAY), hold(other)
    due = hold(third, review_at=NOW - DAY)
    assert listed() == [due, later, never]
    assert listed(only_due=True) == [due]


def test_a_hold_that_is_lifted_or_over_is_not_listed_unless_its_review_is_due():
    one, other, third = people(3)
    hold(one, lifted_at=NOW)
    hold(other, until=NOW - DAY)
    due = hold(third, until=NOW - DAY, review_at=NOW - DAY)
    assert listed() == [due]


def test_kind_team_and_stage_narrow_the_list():
    here = hold(people(1, stage="stranded")[0], kind="pause")
    hold(people(1, in_team=team("T2"))[0], kind="pause")
    hold(people(1)[0])
    assert listed(HoldKind.PAUSE) == [here]
    assert listed(stage="stranded") == [here]


def test_a_line_says_who_placed_the_hold_and_whether_a_review_is_due():
    placed_by = staff(username="wren")
    hold(people(1)[0], placed_by=placed_by, review_at=NOW)
    (line,) = held_lines(held_of(wanted(), None, only_due=False), NOW)
    assert (line.kind, line.placed_by, line.is_due, line.until) == ("not safe", "Wren", True, None)
