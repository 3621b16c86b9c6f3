import pytest

from followups.models import Hold, WaitingCount
from reports.restraints import holds, unsafe, waiting
from reports.wanted import Wanted
from tests.reports.rows import DAY, NOW, people, staff, study, team

pytestmark = pytest.mark.django_db


def wanted(**asked):
    return Wanted(reader=staff(teams=[team()]), now=NOW, **asked)


def hold(enrolment, kind="refusal", **columns):
    return Hold.objects.create(
        respondent=enrolment.respondent, kind=kind, **{"placed_at": NOW - DAY, **columns}
    )


def test_holds_are_counted_by_kind_with_those_that_somebody_should_look_at():
    one, other, third = people(3)
    hold(one, until=NOW + DAY, review_at=NOW + DAY)
    hold(other, kind="detention", review_at=NOW)
    hold(third, kind="safety", lifted_at=NOW)
    found = holds(wanted())
    assert [(line.kind, line.standing, line.due_for_review) for line in found] == [
        ("asked for some time", 1, 0),
        ("detained", 1, 1),
    ]


def test_a_safety_flag_of_the_last_week_is_told_even_after_it_was_lifted():
    one, other, old = people(3)
    hold(one, kind="safety")
    hold(other, kind="safety", lifted_at=NOW)
    hold(old, kind="safety", placed_at=NOW - 8 * DAY)
    found = unsafe(wanted())
    assert (found.standing, found.raised) == (2, 2)


def test_holds_of_another_team_or_study_are_not_counted():
    hold(people(1, in_team=team("T2"))[0], kind="safety")
    hold(people(1, in_study=study("S2"))[0], kind="safety")
    asked = wanted(study=study("S1"))
    assert holds(asked) == () and unsafe(asked).standing == 0
    assert unsafe(wanted()).standing == 1


def test_waiting_reasons_are_added_up_over_the_readers_teams_with_the_age_of_the_count():
    one, other = team(), team("T2")
    rows = [
        (one, "ti", "spacing", 3),
        (one, "ar", "spacing", 2),
        (one, "ar", "day_cap", 1),
        (other, "ar", "day_cap", 9),
    ]
    WaitingCount.objects.bulk_create(
        WaitingCount(team=place, language=language, reason=reason, how_many=many, counted_at=NOW - DAY)
        for place, language, reason, many in rows
    )
    found = waiting(wanted())
    assert [line.how_many for line in found.lines] == [5, 1]
    assert found.lines[0].waits_for == "some hours after the last try"
    assert found.counted_at == NOW - DAY
    assert [line.how_many for line in waiting(wanted(language="ti")).lines] == [3]


def test_before_the_first_count_nothing_waits_and_no_age_is_given():
    found = waiting(wanted())
    assert (found.lines, found.counted_at, found.total) == ((), None, 0)
