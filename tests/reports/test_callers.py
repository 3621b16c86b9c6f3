import pytest

from accounts.permissions import Role
from followups.models import FollowUp
from reports.callers import capacity
from reports.wanted import Wanted
from tests.reports.rows import DAY, NOW, follow_up, people, staff, team

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY = 1, 2


def found(**asked):
    return capacity(Wanted(reader=staff(teams=[team()]), now=NOW, **asked), "en")


def open_in(language, how_many=1, in_team=None, **columns):
    enrolled = people(how_many, language=language, in_team=in_team)
    FollowUp.objects.bulk_create([follow_up(one, **columns) for one in enrolled])


def enumerator(*languages, shifts=(), in_team=None, **columns):
    return staff(Role.ENUMERATOR, teams=[in_team or team()], languages=languages, shifts=shifts, **columns)


def test_a_language_that_nobody_on_shift_speaks_is_short():
    open_in("ti", 3)
    enumerator("ti", shifts=[(WEDNESDAY, 8, 16)])
    enumerator("ar", shifts=[(TUESDAY, 8, 16)])
    (row,) = found()
    assert (row.language, row.open, row.on_shift, row.speakers, row.is_short) == ("Tigrinya", 3, 0, 1, True)


def test_a_caller_whose_shift_covers_this_moment_ends_the_shortage():
    open_in("ti")
    enumerator("ti", "ar", shifts=[(TUESDAY, 8, 16)])
    (row,) = found()
    assert (row.on_shift, row.is_short) == (1, False)


def test_a_shift_is_read_on_the_callers_own_clock():
    open_in("ti")
    # It is 09:00 in UTC and 22:00 on the same Tuesday in Auckland.
    enumerator("ti", shifts=[(TUESDAY, 8, 16)], time_zone="Pacific/Auckland")
    assert found()[0].on_shift == 0
    enumerator("ti", shifts=[(TUESDAY, 21, 23)], time_zone="Pacific/Auckland")
    assert found()[0].on_shift == 1


def test_closed_accounts_and_other_teams_and_roles_do_not_count_as_callers():
    open_in("ti")
    always = [(TUESDAY, 0, 23)]
    enumerator("ti", shifts=always, is_active=False)
    enumerator("ti", shifts=always, in_team=team("T2"))
    staff(Role.COORDINATOR, teams=[team()], languages=["ti"], shifts=always)
    assert (found()[0].on_shift, found()[0].speakers) == (0, 0)


def test_what_is_ready_now_is_told_apart_from_what_rests():
    open_in("ti")
    open_in("ti", state="ready", ready_from=NOW, ready_until=NOW + DAY)
    open_in("ti", state="ready", ready_from=NOW + DAY, ready_until=NOW + 2 * DAY)
    (row,) = found()
    assert (row.open, row.ready) == (3, 1)


def test_shortages_come_first():
    open_in("ar", 5)
    open_in("ti", 1)
    enumerator("ar", shifts=[(TUESDAY, 8, 16)])
    assert [row.language for row in found()] == ["Tigrinya", "Arabic"]


def test_another_teams_open_follow_ups_are_never_counted():
    open_in("ti", in_team=team("T2"))
    assert found() == ()


def test_the_queries_do_not_grow_with_people_or_staff(django_assert_num_queries):
    asked = Wanted(reader=staff(teams=[team()]), now=NOW)
    assert asked.reader.team_ids
    open_in("ti")
    enumerator("ti", shifts=[(TUESDAY, 8, 16)])
    with django_assert_num_queries(4):
        capacity(asked, "en")
    open_in("ti", 40)
    for _ in range(5):
        enumerator("ti", "ar", shifts=[(TUESDAY, 8, 16)])
    with django_assert_num_queries(4):
        capacity(asked, "en")
