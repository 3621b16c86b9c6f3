import pytest

from followups.models import FollowUp
from reports.panel import retention_curve
from reports.wanted import Wanted
from tests.reports.rows import DAY, NOW, ended, follow_up, people, round_of, staff, study, team

pytestmark = pytest.mark.django_db


def curve(**asked):
    return retention_curve(Wanted(reader=staff(teams=[team()]), now=NOW, **asked))


def per_cent(rate):
    return round(100 * rate.value, 1)


def test_the_worked_panel_of_the_method_comes_out_of_database_rows():
    people(100, is_followed=False)
    round_of(people(880), {"I": 560, "P": 20, "R": 30, "NC": 180, "O": 20, "UO": 70})
    people(12, status="stopped")
    people(3, status="deceased")
    people(5)
    found = curve()
    (wave,) = found.points
    assert (found.baseline, found.followed, found.active) == (1000, 900, 885)
    assert (wave.interviewed, per_cent(wave.cumulative), per_cent(wave.of_baseline)) == (580, 64.4, 58.0)


def test_somebody_who_missed_a_round_and_came_back_is_retained_but_not_in_every_round():
    stayed, returned, lost = people(3)
    round_1 = [ended(stayed, "I", 1), ended(returned, "NC", 1), ended(lost, "I", 1)]
    round_2 = [ended(stayed, "P", 2), ended(returned, "I", 2), ended(lost, "R", 2)]
    FollowUp.objects.bulk_create([*round_1, *round_2])
    first, second = curve().points
    assert [first.cumulative.numerator, first.monotone.numerator] == [2, 2]
    assert [second.cumulative.numerator, second.monotone.numerator] == [2, 1]


def test_somebody_whose_round_has_not_come_yet_is_not_counted_as_lost():
    ahead, planned, open_now = people(3)
    FollowUp.objects.bulk_create(
        [
            ended(ahead, "I", 1),
            ended(ahead, "I", 2),
            ended(planned, "I", 1),
            follow_up(planned, 2, state="planned", issued_at=None),
            follow_up(open_now, 1),
        ]
    )
    first, second = curve().points
    assert (first.come, first.interviewed, first.still_open) == (3, 2, 1)
    assert (second.come, second.cumulative.value) == (1, 1.0)


def test_somebody_who_withdrew_stays_in_the_denominator_of_every_later_round():
    stayed, withdrew = people(2)
    FollowUp.objects.bulk_create([ended(stayed, "I", 1), ended(withdrew, "R", 1), ended(stayed, "I", 2)])
    assert curve().points[1].cumulative.value == 0.5


def test_another_teams_people_are_never_in_the_curve():
    round_of(people(2, in_team=team("T2")), {"I": 2})
    found = curve()
    assert (found.baseline, found.points) == (0, ())


def test_a_study_and_a_language_narrow_the_curve_and_a_stage_does_not():
    round_of(people(1, language="ar"), {"I": 1})
    round_of(people(1, in_study=study("S2")), {"R": 1})
    assert curve(language="ar").followed == 1
    assert curve(study=study("S2")).points[0].interviewed == 0
    assert curve(stage="stranded").followed == 2


def test_an_empty_panel_has_no_points_and_an_undefined_retention():
    found = curve()
    assert (found.points, found.staying.value) == ((), None)
    assert found.chart.lines[0].path == ""


def test_the_curve_takes_as_many_queries_for_many_people_as_for_few(django_assert_num_queries):
    asked = Wanted(reader=staff(teams=[team()]), now=NOW)
    round_of(people(2), {"I": 2})
    assert asked.reader.team_ids
    with django_assert_num_queries(3):
        retention_curve(asked)
    round_of(people(60), {"I": 30, "NC": 30}, opens_at=NOW - 9 * DAY)
    with django_assert_num_queries(3):
        retention_curve(asked)
