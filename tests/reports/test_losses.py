"""Who is lost, by reason and stage, and the list behind each count."""

from datetime import date

import pytest

from followups.models import FollowUp
from followups.models.follow_ups import Ended
from reports.losses import losses, lost_lines, lost_of
from reports.wanted import Wanted
from tests.reports.rows import DAY, NOW, ended, people, round_of, staff, study, team

pytestmark = pytest.mark.django_db
LONG_AGO = NOW - 300 * DAY


def wanted(**asked):
    return Wanted(reader=staff(teams=[team()]), now=NOW, **asked)


def cells(row):
    return {cell.stage: cell.how_many for cell in row.cells}


def test_losses_are_given_by_reason_and_stage_the_most_frequent_reason_first():
    round_of(people(4), {"I": 1, "NC": 2, "R": 1})
    round_of(people(2, stage="in_transit"), {"NC": 1, "R": 1})
    found = losses(wanted())
    assert [row.code for row in found.rows] == ["window_closed", "refused"]
    assert [code for code, _label in found.stages] == ["in_transit", "arrived"]
    assert cells(found.rows[0]) == {"in_transit": 1, "arrived": 2}
    assert (found.rows[0].how_many, found.rows[0].share.value) == (3, 0.6)
    assert found.rows[0].reason == "the window closed before an interview"


def test_the_cells_of_the_table_add_up_to_those_who_ended_without_an_interview():
    round_of(people(9), {"I": 2, "P": 1, "R": 1, "NC": 2, "O": 1, "UO": 1, "NE": 1})
    assert sum(row.how_many for row in losses(wanted()).rows) == 6


@pytest.mark.parametrize(
    ("by", "first"),
    [("", "window_closed"), ("reason", "cap_reached"), ("in_transit", "refused"), ("moon", "window_closed")],
)
def test_the_table_is_sorted_by_what_is_asked_and_else_by_how_many(by, first):
    round_of(people(4), {"NC": 3, "UO": 1})
    round_of(people(2, stage="in_transit"), {"R": 2})
    assert losses(wanted(), by).rows[0].code == first


def test_the_list_behind_a_cell_holds_exactly_those_it_counted():
    round_of(people(3), {"NC": 2, "R": 1})
    round_of(people(1, stage="in_transit"), {"NC": 1})
    asked = wanted(stage="arrived")
    lines = lost_lines(lost_of(asked, Ended.WINDOW_CLOSED), "en")
    assert len(lines) == cells(losses(asked).rows[0])["arrived"] == 2
    assert {(line.reason, line.stage, line.language) for line in lines} == {
        ("the window closed before an interview", "arrived, less than six months ago", "Tigrinya")
    }


def test_the_list_begins_with_the_last_to_end():
    early, late = people(2)
    FollowUp.objects.bulk_create([ended(early, "NC", closed_at=NOW - 9 * DAY), ended(late, "R")])
    assert [row.enrolment_id for row in lost_of(wanted(), None)] == [late.pk, early.pk]


def test_what_was_issued_before_the_months_in_view_is_left_out_of_table_and_list():
    FollowUp.objects.bulk_create([ended(people(1)[0], "NC", issued_at=LONG_AGO, opens_at=LONG_AGO)])
    assert (losses(wanted()).rows, lost_of(wanted(), None).count()) == ((), 0)
    assert lost_of(wanted(month=date(2025, 5, 1)), None).count() == 1


def test_a_calendar_study_counts_the_latest_six_rounds():
    calendar = study("CAL", kind="calendar")
    one = people(1, in_study=calendar)
    for number in range(1, 9):
        round_of(one, {"NC": 1}, number)
    assert losses(wanted(study=calendar)).rows[0].how_many == 6
    assert losses(wanted(study=calendar, round_number=1)).rows[0].how_many == 1


def test_another_teams_losses_are_never_counted_or_listed():
    round_of(people(2, in_team=team("T2")), {"NC": 2})
    assert (losses(wanted()).rows, lost_of(wanted(), None).count()) == ((), 0)


def test_the_table_takes_one_query_whatever_the_size_of_the_panel(django_assert_num_queries):
    asked = wanted()
    assert asked.reader.team_ids
    round_of(people(40), {"NC": 20, "R": 20})
    with django_assert_num_queries(1):
        losses(asked)
