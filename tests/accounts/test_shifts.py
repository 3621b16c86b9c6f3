"""Shifts: on their owner's clock, never overlapping, set by those who plan their team."""

from datetime import time

import pytest

from accounts import shifts
from accounts.models import Weekday
from accounts.permissions import Role
from kernel.errors import DomainError
from tests.accounts.people import NOON, person, team

pytestmark = pytest.mark.django_db

MONDAY = Weekday.MONDAY


@pytest.fixture
def tripoli():
    return team()


@pytest.fixture
def coordinator(tripoli):
    return person(Role.COORDINATOR, teams=(tripoli,))


@pytest.fixture
def sena(tripoli):
    return person(username="sena", teams=(tripoli,), time_zone="Asia/Kathmandu")


def add(sena, by, starts=time(9), ends=time(12), weekday=MONDAY):
    return shifts.add_shift(person=sena, weekday=weekday, starts=starts, ends=ends, by=by, now=NOON)


def test_a_shift_covers_its_hours_on_the_clock_of_its_owner(sena, coordinator):
    # Monday 2 March 2026, 12:00 UTC is 17:45 in Kathmandu.
    shift = add(sena, coordinator, time(17, 45), time(18, 0))

    assert shift.covers(NOON)
    assert not add(sena, coordinator, time(18), time(19)).covers(NOON)


def test_a_shift_that_begins_when_another_ends_is_taken(sena, coordinator):
    add(sena, coordinator, time(9), time(12))

    add(sena, coordinator, time(12), time(15))

    assert sena.shifts.count() == 2


@pytest.mark.parametrize(("starts", "ends"), [(time(8), time(10)), (time(10), time(11)), (time(8), time(13))])
def test_hours_that_overlap_a_shift_are_refused(sena, coordinator, starts, ends):
    add(sena, coordinator, time(9), time(12))

    with pytest.raises(DomainError) as refusal:
        add(sena, coordinator, starts, ends)

    assert refusal.value.code == "shift_overlaps"
    assert sena.shifts.count() == 1


def test_a_shift_over_midnight_is_refused_with_the_way_to_write_it(sena, coordinator):
    with pytest.raises(DomainError) as refusal:
        add(sena, coordinator, time(22), time(2))

    assert refusal.value.code == "shift_ends_first"
    assert "23:59" in str(refusal.value)


def test_a_coordinator_sets_no_shift_for_another_team(sena):
    stranger = person(Role.COORDINATOR, teams=(team("NIA", "Niamey", "NE"),))

    with pytest.raises(DomainError) as refusal:
        add(sena, stranger)

    assert refusal.value.code == "not_yours"


def test_an_enumerator_sets_no_shift_not_even_their_own(sena):
    with pytest.raises(DomainError) as refusal:
        add(sena, sena)

    assert refusal.value.code == "not_yours"


def test_a_removed_shift_is_gone(sena, coordinator):
    shift = add(sena, coordinator)

    shifts.remove_shift(shift=shift, by=coordinator, now=NOON)

    assert not sena.shifts.exists()
