"""The hourly look at the newest seals: tampering is told without anybody asking, once a day."""

from datetime import timedelta

import pytest

from audit.checking import check_lately
from audit.models import AuditEvent, Seal
from audit.verifying import verify
from tests.audit.making import NOW, as_the_owner, change, delete, mac, seal, write

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def days():
    """Three days of three events, each day under a seal of its own; what was written on each."""
    made = []
    for n in range(3):
        made.append(write(3, at=NOW + n * DAY))
        seal(now=NOW + n * DAY + timedelta(minutes=2))
    return made


def check(now=NOW + 2 * DAY + timedelta(minutes=5)):
    return [one.kind.value for one in check_lately(mac=mac, now=now).findings]


def alarms():
    return AuditEvent.objects.filter(action="audit.trail_alarm").count()


def test_a_trail_that_is_well_is_no_alarm(days):
    assert check() == []
    assert alarms() == 0


def test_an_empty_trail_is_no_alarm():
    assert check() == ["nothing_sealed"]
    assert alarms() == 0


def test_a_change_of_the_last_day_is_an_alarm_once_a_day(days):
    change(days[2][0], reason="other")
    assert check() == ["event_changed"]
    assert check(NOW + 2 * DAY + timedelta(hours=1)) == ["event_changed"]
    assert alarms() == 1


def test_only_the_last_day_is_looked_at_and_the_chain_goes_on_from_there(days):
    delete(days[0][0].pk)
    assert check() == []
    assert [one.kind.value for one in verify(mac=mac, now=NOW + 2 * DAY).findings] == ["event_missing"]


def test_what_is_checked_is_what_follows_the_seal_that_is_named(days):
    report = verify(mac=mac, now=NOW + 2 * DAY, after=1)
    assert (report.seals, report.events, report.is_well) == (2, 6, True)


def test_a_seal_of_the_last_day_that_does_not_follow_from_the_one_before_is_an_alarm(days):
    with as_the_owner():
        Seal.objects.filter(number=2).update(mac=bytes(32))
    assert check() == ["chain_broken"]
    assert alarms() == 1
