"""The coming seven days: expected attempts against the hours of those who can make them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Gender
from accounts.permissions import Role
from followups.models import FollowUp
from reports.shortages import shortages
from reports.wanted import Wanted
from tests.reports.rows import DAY, NOW, follow_up, people, staff, team
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY = 1, 2


def found():
    return shortages(Wanted(reader=staff(teams=[team()]), now=NOW), "en")


def owed(how_many=1, language="ti", voice="not_said", **columns):
    FollowUp.objects.bulk_create(
        [
            follow_up(one, caller_gender=voice, **columns)
            for one in people(how_many, language=language, caller_gender=voice)
        ]
    )


def enumerator(*languages, shifts=(), **columns):
    return staff(Role.ENUMERATOR, teams=[team()], languages=languages, shifts=shifts, **columns)


def ready(how_many=1, at=NOW, **said):
    owed(how_many, state="ready", ready_from=at, ready_until=at + timedelta(hours=2), **said)


def test_what_is_ready_counts_on_its_day_and_what_opens_on_the_day_it_opens():
    ready(2, NOW + timedelta(hours=1))
    ready(1, NOW + DAY)
    later = {"opens_at": NOW + 2 * DAY, "due_at": NOW + 9 * DAY, "closes_at": NOW + 20 * DAY}
    owed(1, state="planned", issued_at=None, **later)

    (row,) = found()

    assert [day.expected for day in row.days] == [2, 1, 1, 0, 0, 0, 0]


def test_a_day_is_short_when_more_is_expected_than_its_speakers_get_through():
    enumerator("ti", shifts=[(TUESDAY, 8, 10)])
    ready(11, NOW + timedelta(minutes=1))
    ready(1, NOW + DAY)

    (row,) = found()

    assert [(day.hours, day.is_short) for day in row.days[:2]] == [(2, True), (0, True)]
    assert not any(day.is_short for day in row.days[2:])


def test_enough_hours_in_the_language_are_no_shortage_and_hours_in_another_are_none():
    enumerator("ti", shifts=[(TUESDAY, 8, 10)])
    enumerator("ar", shifts=[(TUESDAY, 8, 18)])
    ready(10, NOW + timedelta(minutes=1))

    (row,) = found()

    assert (row.days[0].hours, row.is_short, row.speakers) == (2, False, 1)


def test_a_wish_for_a_womans_voice_is_a_line_of_its_own_that_only_women_fill():
    enumerator("ti", shifts=[(TUESDAY, 8, 10)], gender=Gender.MAN)
    ready(1, voice="woman")
    ready(1)

    rows = {row.voice: row for row in found()}

    assert (rows["woman"].days[0].hours, rows["woman"].is_short) == (0, True)
    assert (rows[""].days[0].hours, rows[""].is_short) == (2, False)


def test_windows_that_close_untried_are_told_on_their_day():
    owed(2, closes_at=NOW + 3 * DAY)
    owed(1, closes_at=NOW + 3 * DAY, attempts_made=1)

    (row,) = found()

    assert [day.closing for day in row.days] == [0, 0, 0, 2, 0, 0, 0]


def test_it_takes_as_many_queries_for_many_as_for_one(django_assert_num_queries):
    reader = staff(teams=[team()])
    for language in ("ti", "ar", "fr"):
        enumerator(language, shifts=[(TUESDAY, 8, 10)])
        ready(3, language=language)

    with django_assert_num_queries(8):
        shortages(Wanted(reader=reader, now=NOW), "en")


@pytest.mark.either
def test_the_page_says_what_is_short_and_an_empty_one_says_so(client):
    signed_in(client, staff(teams=[team()]))
    empty = client.get(reverse("reports:shortages")).content.decode()
    owed(1, state="planned", issued_at=None)
    FollowUp.objects.update(
        opens_at="2099-01-01T00:00Z", due_at="2099-01-02T00:00Z", closes_at="2099-01-03T00:00Z"
    )

    assert "Nothing is expected in the coming seven days" in empty
    assert "Nothing is expected" in client.get(reverse("reports:shortages")).content.decode()
