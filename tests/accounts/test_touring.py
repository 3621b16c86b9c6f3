"""The short tour is finished once, by the person themselves, and leaves one trace."""

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.permissions import Role
from accounts.tour import TOUR, steps_for
from accounts.touring import finish_tour
from audit.actions import Action
from audit.models import AuditEvent
from tests.accounts.people import NOON, person

pytestmark = pytest.mark.django_db


def test_finishing_the_tour_is_remembered_and_leaves_one_trace():
    sena = person(username="sena")

    finish_tour(by=sena, now=NOON)

    event = AuditEvent.objects.get()
    assert User.objects.get(pk=sena.pk).toured_at == NOON
    assert (event.action, event.actor_id, event.object_id) == (Action.STAFF_CHANGED, sena.pk, sena.pk)
    assert event.detail == {"changed": "toured_at"}


def test_finishing_it_again_changes_nothing():
    sena = person(username="sena")
    finish_tour(by=sena, now=NOON)

    was_first = finish_tour(by=sena, now=NOON + timedelta(days=1))

    assert not was_first
    assert User.objects.get(pk=sena.pk).toured_at == NOON
    assert AuditEvent.objects.count() == 1


def test_the_tour_of_one_person_is_not_finished_by_another():
    sena, omar = person(username="sena"), person(username="omar")

    finish_tour(by=omar, now=NOON)

    assert User.objects.get(pk=sena.pk).toured_at is None


def test_each_role_has_a_tour_of_three_or_four_sentences():
    assert set(TOUR) == set(Role)
    assert {len(steps_for(role)) for role in Role} <= {3, 4}
