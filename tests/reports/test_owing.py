import pytest

from followups.models import FollowUp
from reports.owing import Kind, owed_by_language, owed_by_stage, owed_lines, owed_of
from reports.wanted import Wanted
from tests.reports.rows import DAY, NOW, ended, follow_up, people, staff, team

pytestmark = pytest.mark.django_db


def wanted(**asked):
    return Wanted(reader=staff(teams=[team()]), now=NOW, **asked)


def a_mixed_panel():
    """One of each: opening soon, opening later, due, overdue, due and closing untried, closing tried, ended."""
    soon, later, due, overdue, risky, tried, over = people(7)
    FollowUp.objects.bulk_create(
        [
            follow_up(soon, state="planned", issued_at=None, opens_at=NOW + 6 * DAY, due_at=NOW + 9 * DAY),
            follow_up(later, state="planned", issued_at=None, opens_at=NOW + 8 * DAY, due_at=NOW + 9 * DAY),
            follow_up(due),
            follow_up(overdue, due_at=NOW - DAY),
            follow_up(risky, closes_at=NOW + 6 * DAY, attempts_made=2),
            follow_up(tried, closes_at=NOW + 6 * DAY, attempts_made=3),
            ended(over, "I"),
        ]
    )


def test_upcoming_due_overdue_and_at_risk_are_told_apart():
    a_mixed_panel()
    (row,) = owed_by_stage(wanted())
    assert (row.upcoming, row.due, row.overdue, row.at_risk) == (1, 3, 1, 1)


def test_a_window_falls_due_at_its_very_moment():
    (enrolled,) = people(1)
    FollowUp.objects.bulk_create([follow_up(enrolled, due_at=NOW)])
    (row,) = owed_by_stage(wanted())
    assert (row.due, row.overdue) == (0, 1)


def test_stages_come_in_the_order_of_the_journey_and_languages_by_name():
    enrolled = [*people(1, stage="settled", language="ti"), *people(1, stage="in_transit", language="ar")]
    FollowUp.objects.bulk_create([follow_up(one) for one in enrolled])
    assert [row.key for row in owed_by_stage(wanted())] == ["in_transit", "settled"]
    assert [row.label for row in owed_by_language(wanted(), "en")] == ["Arabic", "Tigrinya"]


@pytest.mark.parametrize("kind", Kind)
def test_the_list_behind_a_count_is_as_long_as_the_count(kind):
    a_mixed_panel()
    asked = wanted()
    (row,) = owed_by_stage(asked)
    assert owed_of(asked, kind).count() == getattr(row, kind.value)


def test_the_list_without_a_kind_is_everything_whose_window_is_open():
    a_mixed_panel()
    assert owed_of(wanted(), None).count() == 4


def test_the_list_says_what_somebody_waits_for_and_nothing_that_identifies():
    (enrolled,) = people(1)
    FollowUp.objects.bulk_create([follow_up(enrolled, waiting_for="outside_safe_times")])
    (line,) = owed_lines(owed_of(wanted(), None), "en")
    assert (line.code, line.language) == (enrolled.respondent.spoken_code, "Tigrinya")
    assert line.waits_for == "a safe hour where they are"


def test_another_teams_people_are_never_owed_to_this_reader():
    FollowUp.objects.bulk_create([follow_up(one) for one in people(2, in_team=team("T2"))])
    asked = wanted()
    assert owed_by_stage(asked) == () and owed_by_language(asked, "en") == ()
    assert list(owed_of(asked, None)) == []
