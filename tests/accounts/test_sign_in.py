"""Signing in and out: whom it lets in, how often one may try, and what it leaves behind."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts import sign_in
from accounts.models import User
from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from tests.accounts.people import person

pytestmark = pytest.mark.django_db

PASSWORD = "four-unrelated-plain-words"
SIGN_IN = reverse("accounts:sign_in")


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


@pytest.fixture
def sena():
    made = person(Role.ENUMERATOR, "sena", interface_language="ar")
    made.set_password(PASSWORD)
    made.save(update_fields=["password"])
    return made


def send(client, username="sena", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"username": username, "password": password} | more.pop("data", {}), **more)


def test_the_right_password_opens_the_first_page_in_the_persons_language(client, sena):
    response = send(client)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(sena.pk)
    assert response.cookies["django_language"].value == "ar"


def test_the_username_is_known_whatever_its_case(client, sena):
    assert send(client, "Sena").status_code == 302


def test_signing_in_leaves_a_trace(client, sena):
    send(client)

    assert AuditEvent.objects.get().action == Action.SIGNED_IN


def test_a_session_gets_a_new_key_at_sign_in(client, sena):
    session = client.session
    session["before"] = "sign-in"
    session.save()
    key_before = session.session_key

    send(client)

    assert client.session.session_key != key_before


@pytest.mark.parametrize("username", ["sena", "nobody-here"])
def test_a_wrong_password_and_an_unknown_username_get_the_same_answer(client, sena, username):
    response = send(client, username, "not-the-password")

    assert response.status_code == 400
    assert "do not belong together" in response.content.decode()
    assert "not-the-password" not in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_refusal_leaves_a_trace_without_what_was_typed(client, sena):
    send(client, "my secret by mistake", "x")

    event = AuditEvent.objects.get()
    assert (event.action, event.outcome) == (Action.SIGN_IN_REFUSED, "refused")
    assert "secret" not in str(event.detail)


def test_a_closed_account_is_not_let_in(client, sena):
    User.objects.filter(pk=sena.pk).update(is_active=False)

    assert send(client).status_code == 400


def test_after_five_failures_even_the_right_password_waits(client, sena):
    for number in range(5):
        send(client, password="wrong", REMOTE_ADDR=f"192.0.2.{number}")

    response = send(client, REMOTE_ADDR="192.0.2.9")

    assert response.status_code == 429
    assert "15 minutes" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_one_address_that_fails_with_five_usernames_has_to_wait(client, sena):
    for number in range(5):
        send(client, f"someone-{number}", "wrong", REMOTE_ADDR="192.0.2.1")

    assert send(client, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert send(client, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_a_success_clears_what_failed_before(client, sena):
    for _n in range(4):
        send(client, password="wrong")
    send(client)
    client.logout()

    cleared = cache.get(next(iter(sign_in._counters(client.request().wsgi_request, "sena"))), 0)

    assert cleared == 0


def test_a_waiting_time_is_kept_for_a_quarter_of_an_hour(client, sena, monkeypatch):
    kept = []
    keep = cache.set
    monkeypatch.setattr(
        cache, "set", lambda key, value, timeout: (kept.append(timeout), keep(key, value, timeout))
    )

    send(client, password="wrong")

    assert kept == [900, 900]


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)"])
def test_sign_in_never_leads_to_another_site(client, sena, wanted):
    assert send(client, data={"next": wanted})["Location"] == "/"


def test_sign_in_leads_on_to_the_page_that_was_asked_for(client, sena):
    assert send(client, data={"next": "/password/"})["Location"] == "/password/"


def test_the_next_page_survives_a_mistyped_password(client, sena):
    response = send(client, password="wrong", data={"next": "/password/"})

    assert 'value="/password/"' in response.content.decode()


def test_signing_out_takes_a_post_and_clears_the_device(client, sena):
    client.force_login(sena)

    assert client.get(reverse("accounts:sign_out")).status_code == 405
    response = client.post(reverse("accounts:sign_out"))

    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "_auth_user_id" not in client.session
    assert AuditEvent.objects.get().action == Action.SIGNED_OUT


def test_the_sign_in_page_says_nothing_of_what_it_opens(client):
    page = client.get(SIGN_IN).content.decode().lower()

    assert "<title>" in page
    for word in ("recontact", "migrant", "refugee", "protection", "respondent"):
        assert word not in page.split("</title>")[0].split("<title>")[1]


def change(client, old=PASSWORD, new="another-four-plain-words", again=None):
    return client.post(reverse("accounts:own_password"), {"old": old, "new": new, "again": again or new})


def test_a_person_changes_their_own_password_and_stays_signed_in(client, sena):
    client.force_login(sena)

    assert change(client).status_code == 200

    assert User.objects.get(pk=sena.pk).check_password("another-four-plain-words")
    assert client.get(reverse("accounts:own_password")).status_code == 200


def test_a_new_password_ends_the_persons_other_sessions(client, sena, django_user_model):
    other = type(client)()
    other.force_login(sena)
    client.force_login(sena)

    change(client)

    assert other.get(reverse("accounts:own_password")).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"old": "wrong"}, "not your password now"),
        ({"new": "short"}, "too short"),
        ({"again": "something-quite-different"}, "not the same"),
    ],
)
def test_a_bad_new_password_is_answered_with_a_sentence_and_changes_nothing(client, sena, typed, sentence):
    client.force_login(sena)

    response = change(client, **typed)

    assert sentence in response.content.decode()
    assert User.objects.get(pk=sena.pk).check_password(PASSWORD)
