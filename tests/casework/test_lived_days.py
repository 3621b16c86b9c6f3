"""A server clock that leaps ahead erases nobody: the trail has to show that the days before were lived through."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import trail
from audit.actions import Action
from audit.models import AuditEvent
from casework import retention
from casework.retaining import lived_days
from tests.factories import NOW, make_respondent
from tests.followups.standing import taken_back
from tracker import studies
from tracker.models import ContactPoint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wordings")]

DAY = timedelta(days=1)
DUE = NOW + 180 * DAY
WAITED = {"action": Action.RETENTION_APPLIED, "outcome": "refused", "reason": lived_days.WHY}


@pytest.fixture
def person(study, team, enumerator, coordinator):
    """Somebody whose study is over: their numbers are due after half a year."""
    person = make_respondent(study=study, team=team, by=enumerator)
    studies.close_study(study=study, by=coordinator, now=NOW)
    return person


def job_at(moment):
    """The job as the background worker runs it, with the server's clock at this moment."""
    with time_machine.travel(moment, tick=False):
        return retention.retention()


def is_kept(person):
    return ContactPoint.objects.filter(respondent=person).exists()


def lived(*moments):
    for at in moments:
        trail.record(Action.DIGEST_ISSUED, by=None, at=at)


def test_a_clock_that_leaps_months_ahead_erases_nobody_and_the_trail_says_so(person):
    done = job_at(DUE + 20 * DAY)

    assert done["people_of_ended_studies"] == 0
    assert is_kept(person)
    told = AuditEvent.objects.get(**WAITED)
    assert (told.at, told.actor_id) == (DUE + 20 * DAY, None)


def test_it_goes_by_itself_after_five_days_of_the_same_clock_and_is_told_once_a_day(person):
    for day in range(4):
        for hour in (0, 5, 12):
            assert job_at(DUE + day * DAY + timedelta(hours=hour))["people_of_ended_studies"] == 0
    assert is_kept(person)
    assert AuditEvent.objects.filter(**WAITED).count() == 4

    job_at(DUE + 4 * DAY)
    assert job_at(DUE + 4 * DAY + timedelta(minutes=5))["people_of_ended_studies"] == 1

    assert not is_kept(person)


def test_a_clock_that_comes_back_finds_everybody_still_there(person):
    lived(*(NOW + n * DAY for n in range(10)))
    job_at(DUE + DAY)

    job_at(NOW + 11 * DAY)

    assert is_kept(person)


def test_a_panel_in_daily_use_goes_on_its_day(person):
    lived(*(DUE - n * DAY for n in range(1, 6)))

    assert job_at(DUE)["people_of_ended_studies"] == 1


def test_a_server_used_on_two_days_a_week_deletes_in_time_too(person):
    lived(*(DUE - n * DAY for n in (2, 6, 9, 13, 16)))

    assert job_at(DUE)["people_of_ended_studies"] == 1


def test_five_days_before_a_silence_of_more_than_a_week_say_nothing_of_today(person):
    lived(*(DUE - n * DAY for n in range(9, 20)))

    assert job_at(DUE)["people_of_ended_studies"] == 0
    assert is_kept(person)


def test_what_is_transient_goes_all_the_same(person):
    from django.contrib.sessions.models import Session

    Session.objects.create(session_key="over", session_data="", expire_date=NOW)

    job_at(DUE + 20 * DAY)

    assert not Session.objects.exists()
    assert is_kept(person)


def test_where_nothing_is_due_nothing_is_said(person):
    job_at(NOW + 30 * DAY)

    assert not AuditEvent.objects.filter(**WAITED).exists()


def test_the_command_waits_as_well_and_says_that_it_is_overdue(person, capsys):
    with time_machine.travel(DUE + 20 * DAY, tick=False), pytest.raises(SystemExit) as left:
        call_command("retention", "--json")

    told = {item["name"]: item for item in json.loads(capsys.readouterr().out)["items"]}
    assert left.value.code == 1
    assert told["people_of_ended_studies"]["done"] == 0
    assert told["people_of_ended_studies"]["overdue"] == 1
    assert is_kept(person)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(1, 40), max_size=25))
def test_the_days_are_counted_back_to_the_first_long_silence(db, ago):
    now = NOW + 400 * DAY
    lived_then = _counted(ago)
    stamps = [now - n * DAY for n in ago]

    with taken_back():
        lived(*stamps)
        assert lived_days.is_enough(now) == (lived_then >= lived_days.ENOUGH_DAYS)


def _counted(ago):
    """The days with a line, from today back to a gap of more than a week, in the last thirty."""
    counted, last = 0, -1
    for day in sorted(one for one in ago if one < lived_days.LOOKED_AT_DAYS):
        if day - last > lived_days.LONGEST_SILENCE_DAYS + 1:
            break
        counted, last = counted + 1, day
    return counted
