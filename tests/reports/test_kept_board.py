"""The board of a large panel is kept for a quarter of an hour, and only for those who may know of the same teams."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from accounts.permissions import Role
from reports import kept_board as keeping
from reports.kept_board import kept_board
from reports.wanted import Wanted
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def team():
    cache.clear()
    return make_team()


def counted_at(team, at):
    return kept_board(Wanted(make_user(role=Role.COORDINATOR, team=team), at), "en").counted_at


@pytest.mark.parametrize(("minutes", "kept"), [(14, 0), (15, 15)])
def test_a_board_that_takes_long_is_counted_every_quarter_of_an_hour(team, monkeypatch, minutes, kept):
    monkeypatch.setattr(keeping, "QUICK_SECONDS", 0)
    counted_at(team, NOW)

    later = counted_at(team, NOW + timedelta(minutes=minutes))

    assert later == NOW + timedelta(minutes=kept)


def test_a_board_that_is_quick_is_counted_each_time(team):
    counted_at(team, NOW)

    assert counted_at(team, NOW + timedelta(seconds=1)) == NOW + timedelta(seconds=1)


def test_a_kept_board_is_not_shown_to_those_of_another_team(team, monkeypatch):
    monkeypatch.setattr(keeping, "QUICK_SECONDS", 0)
    counted_at(team, NOW)

    assert counted_at(make_team(), NOW + timedelta(minutes=1)) == NOW + timedelta(minutes=1)


def test_with_a_clock_set_back_a_board_of_a_moment_to_come_is_counted_again(team, monkeypatch):
    monkeypatch.setattr(keeping, "QUICK_SECONDS", 0)
    counted_at(team, NOW)

    assert counted_at(team, NOW - timedelta(hours=1)) == NOW - timedelta(hours=1)
