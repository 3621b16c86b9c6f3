"""How old a count of who waits may be: the more there are, the less often the tick counts them."""

from datetime import UTC, datetime, timedelta

import pytest

from followups.models import WaitingCount
from followups.ticking.waiting_counts import count_waiting
from tests.factories import make_team

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def counted(how_many, at):
    WaitingCount.objects.create(
        team=make_team(), language="en", reason="resting", how_many=how_many, counted_at=at
    )


def always():
    return True


@pytest.mark.parametrize(("how_many", "seconds"), [(10_000, 59), (30_000, 179), (1_000_000, 14 * 60)])
def test_a_count_is_left_while_it_is_younger_than_its_size_allows(how_many, seconds):
    counted(how_many, NOW)

    count_waiting(NOW + timedelta(seconds=seconds), always)

    assert WaitingCount.objects.get().how_many == how_many


@pytest.mark.parametrize(("how_many", "minutes"), [(9_999, 0), (10_000, 1), (30_000, 3), (1_000_000, 15)])
def test_a_count_as_old_as_its_size_allows_is_made_again(how_many, minutes):
    counted(how_many, NOW)

    count_waiting(NOW + timedelta(minutes=minutes), always)

    assert not WaitingCount.objects.exists()


def test_a_count_of_a_moment_to_come_is_made_again():
    counted(1_000_000, NOW + timedelta(hours=1))

    count_waiting(NOW, always)

    assert not WaitingCount.objects.exists()
