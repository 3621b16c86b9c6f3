"""Whoever has to know is told in time that data goes, and that something should have gone."""

from datetime import timedelta

import pytest

from accounts.permissions import Role
from reports.waits import waits_for
from tests.factories import NOW, approve_wordings, make_respondent, make_study, make_team, make_user
from tracker import studies

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
DUE = NOW + 180 * DAY


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def coordinator(team):
    return make_user(Role.COORDINATOR, team=team)


@pytest.fixture
def over(team, coordinator):
    """A study with one person, closed at NOW."""
    approve_wordings()
    study = make_study(team=team, by=coordinator)
    make_respondent(study=study, team=team, now=NOW - DAY)
    studies.close_study(study=study, by=coordinator, now=NOW)
    return study


def told(reader, now, words):
    return [wait for wait in waits_for(reader, now) if words in wait.sentence]


def test_a_coordinator_is_told_for_thirty_days_that_the_panel_of_their_team_goes(over, coordinator):
    words = "the numbers and profiles of 1 study that is over are deleted"

    assert told(coordinator, DUE - 31 * DAY, words) == []
    [wait] = told(coordinator, DUE - 30 * DAY, words)
    assert wait.url == "/studies/"
    assert told(coordinator, DUE, words) == []


def test_a_coordinator_of_another_team_is_not_told(over):
    other = make_user(Role.COORDINATOR, team=make_team())

    assert told(other, DUE - DAY, "are deleted") == []


def test_the_officer_is_told_when_something_should_have_gone_and_is_still_there(over):
    officer = make_user(Role.DPO)

    assert told(officer, DUE + DAY, "kept for too long") == []
    [wait] = told(officer, DUE + 2 * DAY, "kept for too long")
    assert (wait.how_many, wait.is_pressing, wait.url) == (1, True, "/reports/register")
