"""Registering: a pseudonym drawn at random, and a code that nobody else has."""

import pytest

from kernel.errors import Conflict
from tests.factories import NOW, make_team, make_user
from tracker import spoken_codes
from tracker.models import Respondent, Transition
from tracker.registering import Person, register, register_many
from tracker.stages import Stage
from tracker.whereabouts import Whereabouts, clocks

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def enumerator(team):
    return make_user(team=team)


def person(team, **said):
    return Person(team=team, language="en", stage=Stage.ORIGIN, where=Whereabouts(country="TN"), **said)


def test_a_respondent_gets_a_uuid_a_code_a_month_and_the_first_step_of_a_journey(team, enumerator):
    respondent = register(person=person(team), by=enumerator, now=NOW)

    assert respondent.pk.version == 4
    assert spoken_codes.is_code(respondent.code)
    assert respondent.created_month.isoformat() == "2026-03-01"
    assert Transition.objects.get(respondent=respondent).stage == "origin"


def test_a_code_that_somebody_has_is_drawn_again(team, enumerator):
    taken = register(person=person(team), by=enumerator, now=NOW).code
    free = spoken_codes.draw()
    drawn = iter([taken, free])

    (respondent,) = register_many(people=[person(team)], by=enumerator, now=NOW, draw=lambda: next(drawn))

    assert respondent.code == free


def test_many_are_registered_in_the_order_given_each_with_a_code_of_their_own(team, enumerator):
    people = [person(team) for _each in range(30)]

    rows = register_many(people=people, by=enumerator, now=NOW)

    assert [row.pk for row in rows] == [one.id for one in people]
    assert Respondent.objects.values("code").distinct().count() == 30


def test_nothing_is_written_when_no_free_code_can_be_drawn(team, enumerator):
    taken = register(person=person(team), by=enumerator, now=NOW).code

    with pytest.raises(Conflict):
        register_many(people=[person(team)], by=enumerator, now=NOW, draw=lambda: taken)

    assert Respondent.objects.count() == 1


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Whereabouts("TN", "Africa/Cairo", ("Europe/Rome",)), (("Africa/Cairo",), "stated")),
        (Whereabouts("TN", "", ("Europe/Rome",)), (("Africa/Tunis",), "country")),
        (Whereabouts("", "", ("Europe/Rome", "Europe/Rome")), (("Europe/Rome",), "number")),
        (Whereabouts(), ((), "number")),
    ],
)
def test_clocks_come_from_what_was_said_then_the_country_then_the_number(where, expected):
    assert clocks(where) == expected
