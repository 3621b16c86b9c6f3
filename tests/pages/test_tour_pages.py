"""The short tour on the first page of each role: once, in no one's way, and again when asked for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from accounts.tour import steps_for
from tests.factories import make_team, make_user
from tests.signing_in import signed_in as sign_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.either]

PANEL = 'class="tour not-printed"'
every_role = pytest.mark.parametrize("role", Role)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def signed_in(client, team):
    """Somebody of a role, signed in for the first time."""

    def signed_in(role):
        somebody = make_user(role, team=team)
        sign_in_as(client, somebody)
        return somebody

    return signed_in


def first_page(client):
    return client.get(reverse("home"), follow=True).content.decode()


@every_role
def test_the_first_page_shows_the_tour_of_the_role(client, signed_in, role):
    signed_in(role)

    text = first_page(client)

    assert text.count(PANEL) == 1
    assert all(str(step.sentence) in text for step in steps_for(role))


@every_role
def test_every_link_of_the_tour_opens_for_its_role(client, signed_in, role):
    signed_in(role)

    opened = [client.get(step.url).status_code for step in steps_for(role) if step.url]

    assert set(opened) == {200}


@every_role
def test_one_press_puts_the_tour_away_for_good(client, signed_in, role):
    somebody = signed_in(role)

    answer = client.post(reverse("accounts:finish_tour"), follow=True)

    assert PANEL not in answer.content.decode()
    assert PANEL not in first_page(client)
    assert User.objects.get(pk=somebody.pk).toured_at is not None


@every_role
def test_the_tour_is_on_no_other_page(client, signed_in, role):
    signed_in(role)

    assert PANEL not in client.get(reverse("accounts:own_password")).content.decode()


@every_role
def test_the_tour_can_be_read_again_from_the_menu(client, signed_in, role):
    signed_in(role)
    client.post(reverse("accounts:finish_tour"))

    text = client.get(reverse("accounts:tour")).content.decode()

    assert f'href="{reverse("accounts:tour")}"' in first_page(client)
    assert all(str(step.sentence) in text for step in steps_for(role))


def test_the_tour_stands_after_the_one_big_action_of_an_enumerator(client, signed_in):
    signed_in(Role.ENUMERATOR)

    text = first_page(client)

    assert text.index("Next call</button>") < text.index(PANEL)


def test_the_tour_gives_way_when_the_board_is_narrowed(client, signed_in):
    signed_in(Role.COORDINATOR)

    assert PANEL not in client.get(reverse("reports:board"), {"language": "en"}).content.decode()


def test_the_tour_costs_no_query(client, signed_in, django_assert_num_queries):
    signed_in(Role.FOCAL_POINT)
    client.get(reverse("orientation:inbox"))
    with CaptureQueriesContext(connection) as with_tour:
        client.get(reverse("orientation:inbox"))
    how_many = len(with_tour)
    client.post(reverse("accounts:finish_tour"))

    with django_assert_num_queries(how_many):
        client.get(reverse("orientation:inbox"))


def test_somebody_who_is_not_signed_in_is_shown_no_tour(client):
    assert PANEL not in client.get(reverse("accounts:sign_in")).content.decode()
