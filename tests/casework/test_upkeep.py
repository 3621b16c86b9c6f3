"""Hourly upkeep: the index is complete, no key is left without its person, and a locked vault is left alone."""

from datetime import timedelta
from uuid import uuid4

import pytest

from casework import upkeep
from tests.factories import NOW, make_respondent
from tracker.models import ContactPoint
from vault import lines, subject_keys
from vault.models import PhoneBucket, SubjectKey
from vault.providers import file

pytestmark = pytest.mark.django_db


@pytest.fixture
def point(study, team):
    return ContactPoint.objects.get(respondent=make_respondent(study=study, team=team))


def test_a_number_that_is_missing_from_the_index_is_put_back(point):
    PhoneBucket.objects.filter(contact_point=point.pk).delete()

    done = upkeep.run(NOW)

    assert done["mended"] == 1
    assert point.pk in lines.sharing(point.value)
    assert PhoneBucket.objects.filter(contact_point=point.pk).count() == 1


def test_a_key_without_its_person_goes_after_a_day_and_a_persons_key_stays(point):
    left_over = uuid4()
    subject_keys.create([left_over], now=NOW)

    assert upkeep.run(NOW + timedelta(hours=23))["orphans"] == 0
    assert upkeep.run(NOW + timedelta(hours=25))["orphans"] == 1

    assert not SubjectKey.objects.filter(subject=left_over).exists()
    assert SubjectKey.objects.filter(subject=point.respondent_id).exists()


def test_a_second_run_finds_nothing_to_do(point):
    upkeep.run(NOW)

    assert upkeep.run(NOW) == {"moved": 0, "mended": 0, "orphans": 0}


def test_while_the_vault_is_locked_nothing_is_touched(point):
    file.lock()
    try:
        assert upkeep.run(NOW) == {}
    finally:
        file.unlock()
