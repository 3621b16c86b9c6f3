"""What members of staff still lack: told to an administrator, with the list of them behind it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Shift, User
from accounts.permissions import Role
from accounts.waiting import Lack, lacking, staff_waits
from tests.accounts.people import NOON, administrator, person, team
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


def ready(username, role=Role.ENUMERATOR):
    """Somebody who lacks nothing."""
    made = person(role, username, teams=(team(),), languages=("ti",), last_login=NOON)
    Shift.objects.create(user=made, weekday=0, starts="09:00", ends="12:00")
    return made


def names(lack):
    return [one.username for one in lacking(User.objects.all(), lack)]


def test_somebody_who_lacks_nothing_is_on_no_list():
    ready("sena")

    assert staff_waits(User.objects.all()) == ()


def test_each_thing_somebody_lacks_is_told_apart():
    ready("sena")
    person(username="new")

    assert [names(lack) for lack in Lack] == [["new"]] * 4
    assert [wait.sentence for wait in staff_waits(User.objects.all())] == [
        "1 person has not signed in yet. Have they got their first password?",
        "1 person is in no team, and sees nobody.",
        "1 enumerator has no language, and is offered nobody.",
        "1 enumerator has no shift, and is not counted on.",
    ]


def test_those_who_make_no_calls_need_no_language_and_no_shift():
    person(Role.FOCAL_POINT, "focal", last_login=NOON)
    person(Role.COORDINATOR, "kim", teams=(team(),), last_login=NOON)

    assert staff_waits(User.objects.all()) == ()


def test_a_closed_account_lacks_nothing():
    person(username="gone", is_active=False)

    assert staff_waits(User.objects.all()) == ()


def test_the_staff_page_leads_an_administrator_to_those_who_lack_something(client):
    signed_in(client, administrator())
    ready("sena")
    person(username="new", teams=(team(),), languages=("ti",), last_login=NOON)

    first = client.get(reverse("accounts:staff")).content.decode()
    narrowed = client.get(reverse("accounts:staff"), {"lack": "shift"}).content.decode()

    assert f"{reverse('accounts:staff')}?lack=shift" in first
    assert "New" in narrowed
    assert "Sena" not in narrowed


def test_a_lack_nobody_knows_narrows_nothing(client):
    signed_in(client, administrator())
    ready("sena")

    assert "Sena" in client.get(reverse("accounts:staff"), {"lack": "courage"}).content.decode()


def test_a_coordinator_is_not_told_what_an_administrator_has_to_do(client):
    signed_in(client, person(Role.COORDINATOR, "kim", teams=(team(),)))

    assert "Waits for you" not in client.get(reverse("accounts:staff")).content.decode()


def test_the_staff_page_takes_as_many_queries_for_many_as_for_few(client, django_assert_num_queries):
    signed_in(client, administrator())
    person(username="first")
    client.get(reverse("accounts:staff"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("accounts:staff"))
    how_many = len(few)
    for n in range(10):
        person(username=f"new{n}", teams=(team(),) if n % 2 else ())

    with django_assert_num_queries(how_many):
        client.get(reverse("accounts:staff"))
