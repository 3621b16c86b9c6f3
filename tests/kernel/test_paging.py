"""Lists are told up to a thousand rows and shown page by page."""

import pytest

from accounts.models import Team
from kernel import paging
from kernel.paging import ShortPaginator
from tests.factories import make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def four_teams():
    for _team in range(4):
        make_team()
    return Team.objects.order_by("code")


@pytest.mark.parametrize(("most", "count", "is_more"), [(3, 3, True), (4, 4, False), (5, 4, False)])
def test_a_list_is_counted_up_to_the_most_and_says_whether_there_is_more(
    four_teams, monkeypatch, most, count, is_more
):
    monkeypatch.setattr(paging, "MOST", most)

    pages = ShortPaginator(four_teams, 2)

    assert (pages.count, pages.is_more) == (count, is_more)


def test_no_page_lies_beyond_the_most(four_teams, monkeypatch):
    monkeypatch.setattr(paging, "MOST", 3)

    page = ShortPaginator(four_teams, 2).get_page(9)

    assert (page.number, len(page.object_list)) == (2, 1)
