"""Signing in and out: whom it lets in, how often one may try, and what it leaves behind."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from casework.retaining import passing
from kernel import clock
from tests.accounts.codes import PASSWORD, with_password
from tests.accounts.people import person, team
from tests.signing_in import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_counts")]

SIGN_IN = reverse("accounts:sign_in")


@pytest.fixture
def sena():
    return with_password(person(Role.ENUMERATOR, "sena", interface_language="ar"))


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


def test_after_five_failures_from_one_place_even_the_right_password_waits(client, sena):
    for _n in range(5):
        send(client, password="wrong")

    response = send(client)

    assert response.status_code == 400
    assert "_auth_user_id" not in client.session


def test_a_stranger_elsewhere_does_not_keep_somebody_out_with_five_tries(client, sena):
    for _n in range(5):
        send(client, password="wrong", REMOTE_ADDR="192.0.2.1")

    assert send(client, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_strangers_at_many_places_do_not_keep_somebody_out(client, sena):
    for number in range(24):
        send(client, password="wrong", REMOTE_ADDR=f"192.0.2.{number}")

    assert send(client, REMOTE_ADDR="198.51.100.1").status_code == 302


def test_after_twenty_tries_at_one_username_each_place_has_one(client, sena):
    for number in range(20):
        send(client, password="wrong", REMOTE_ADDR=f"192.0.2.{number}")

    send(client, password="wrong", REMOTE_ADDR="198.51.100.1")

    assert send(client, REMOTE_ADDR="198.51.100.1").status_code == 400
    assert send(client, REMOTE_ADDR="192.0.2.1").status_code == 400


def test_two_hundred_tries_at_one_username_from_many_places_have_to_wait(client, sena):
    for number in range(200):
        send(client, password="wrong", REMOTE_ADDR=f"192.0.2.{number}")

    assert send(client, REMOTE_ADDR="198.51.100.1").status_code == 400


def test_a_stranger_who_begins_with_a_passkey_again_and_again_leaves_sixty_sessions_and_no_more(client):
    answers = [Client().get(reverse("accounts:passkey")).status_code for _n in range(65)]

    assert answers == [200] * 60 + [429] * 5
    assert Session.objects.count() == 60
    assert Client().get(reverse("accounts:passkey"), REMOTE_ADDR="192.0.2.9").status_code == 200


def test_beginning_with_a_passkey_uses_up_no_try_at_a_password(client, sena):
    for _n in range(65):
        Client().get(reverse("accounts:passkey"))

    assert send(client).status_code == 302


def test_one_address_that_tries_many_usernames_has_to_wait(client, sena):
    for number in range(60):
        send(client, f"someone-{number}", "wrong", REMOTE_ADDR="192.0.2.1")

    assert send(client, REMOTE_ADDR="192.0.2.1").status_code == 400
    assert send(client, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_addresses_of_one_network_are_one_place(client, sena):
    for number in range(1, 6):
        send(client, password="wrong", REMOTE_ADDR=f"2001:db8:0:1::{number}")

    assert send(client, REMOTE_ADDR="2001:db8:0:1:ffff::1").status_code == 400
    assert send(client, REMOTE_ADDR="2001:db8:0:2::1").status_code == 302


def test_one_network_cannot_use_up_the_tries_of_a_username_everywhere(client, sena):
    for number in range(1, 31):
        send(client, password="wrong", REMOTE_ADDR=f"2001:db8:0:1::{number:x}")

    assert send(client, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_refusals_by_nobody_are_told_a_hundred_times_an_hour_and_no_stranger_fills_the_trail(client, sena):
    for _number in range(105):
        client.post(reverse("accounts:passkey"), {"credential": '{"id": "x"}'})
    send(client, password="wrong")

    refused = AuditEvent.objects.filter(action=Action.SIGN_IN_REFUSED)
    assert refused.filter(object_id=None).count() == 100
    assert refused.filter(object_id=sena.pk).count() == 1


def test_a_username_that_does_not_exist_waits_like_any_other(client, sena):
    for _n in range(5):
        send(client, "nobody-here", "wrong")

    events = [event.detail["why"] for event in AuditEvent.objects.order_by("id")]
    send(client, "nobody-here", "wrong")

    assert events == ["sign_in_refused"] * 5
    assert AuditEvent.objects.first().detail["why"] == "too_many_tries"


def test_after_a_quarter_of_an_hour_one_may_try_again(client, sena):
    for _n in range(5):
        send(client, password="wrong")
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=15, seconds=1))

    assert send(client).status_code == 302


def test_trying_while_one_has_to_wait_does_not_prolong_the_wait(client, sena):
    for _n in range(5):
        send(client, password="wrong")
    before = AccessAttempt.objects.get().attempt_time

    send(client, password="wrong")

    assert AccessAttempt.objects.get().attempt_time == before


def test_a_success_clears_what_failed_before(client, sena):
    for _n in range(4):
        send(client, password="wrong")
    send(client)

    assert AccessAttempt.objects.count() == 0


def test_unknown_wrong_closed_and_too_many_are_answered_with_the_same_page(client, sena):
    closed = person(Role.ENUMERATOR, "closed", is_active=False)
    closed.set_password(PASSWORD)
    closed.save(update_fields=["password"])
    tries = [("nobody", PASSWORD), ("sena", "wrong"), ("closed", PASSWORD), *[("x", "wrong")] * 6]

    answers = [send(client, name, typed, REMOTE_ADDR=f"192.0.2.{len(name)}") for name, typed in tries]

    assert {answer.status_code for answer in answers} == {400}
    assert (
        len({re.sub(r'value="[^"]*"|X-CSRFToken[^}]*', "", answer.content.decode()) for answer in answers})
        == 1
    )


def test_an_unknown_username_costs_a_hash_like_a_known_one(client, sena, monkeypatch):
    made = []
    hasher = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: (made.append(1), hasher(*given))[1])

    send(client, "sena", "wrong")
    known = len(made)
    send(client, "nobody-here", "wrong")

    assert known == len(made) - known == 1


def test_what_was_typed_as_a_username_is_in_no_row_and_no_line_of_the_log(client, sena, caplog):
    caplog.set_level("DEBUG")

    send(client, "my-secret-by-mistake", "another-secret", HTTP_USER_AGENT="Curious/1.0")

    kept = str(list(AccessAttempt.objects.values())) + str(list(AuditEvent.objects.values())) + caplog.text
    for told in ("my-secret-by-mistake", "another-secret", "Curious"):
        assert told not in kept
    assert AccessAttempt.objects.get().failures_since_start == 1


def test_what_was_counted_long_ago_is_forgotten(client, sena):
    send(client, password="wrong")
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(days=91))
    send(client, "nobody-here", "wrong")

    passing.sweep(clock.wall(), lambda: True)

    assert AccessAttempt.objects.count() == 1


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)"])
def test_sign_in_never_leads_to_another_site(client, sena, wanted):
    assert send(client, data={"next": wanted})["Location"] == "/"


def test_sign_in_leads_on_to_the_page_that_was_asked_for(client, sena):
    assert send(client, data={"next": "/password/"})["Location"] == "/password/"


def test_the_next_page_survives_a_mistyped_password(client, sena):
    response = send(client, password="wrong", data={"next": "/password/"})

    assert 'value="/password/"' in response.content.decode()


def test_signing_out_takes_a_post_and_clears_the_device(client, sena):
    signed_in(client, sena)

    assert client.get(reverse("accounts:sign_out")).status_code == 405
    response = client.post(reverse("accounts:sign_out"))

    assert response["Clear-Site-Data"] == '"cache", "storage"'
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
    signed_in(client, sena)

    assert change(client).status_code == 200

    assert User.objects.get(pk=sena.pk).check_password("another-four-plain-words")
    assert client.get(reverse("accounts:own_password")).status_code == 200


def test_a_new_password_ends_the_persons_other_sessions(client, sena, django_user_model):
    other = type(client)()
    signed_in(other, sena)
    signed_in(client, sena)

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
    signed_in(client, sena)

    response = change(client, **typed)

    assert sentence in response.content.decode()
    assert User.objects.get(pk=sena.pk).check_password(PASSWORD)


def test_whoever_found_a_session_open_cannot_find_the_password_by_trying(client, sena):
    signed_in(client, sena)
    for guess in range(5):
        change(client, old=f"guess-{guess}")

    response = change(client)

    assert "too many wrong tries" in response.content.decode()
    assert User.objects.get(pk=sena.pk).check_password(PASSWORD)
    assert AuditEvent.objects.filter(action=Action.STEP_UP_REFUSED, actor_id=sena.pk).count() == 5


def test_a_first_password_is_changed_before_anything_else_opens(client, sena):
    User.objects.filter(pk=sena.pk).update(must_change_password=True)
    signed_in(client, sena)

    assert client.get("/")["Location"] == "/password/"
    assert client.post(reverse("accounts:finish_tour"))["Location"] == "/password/"
    change(client)

    assert client.get("/").headers["Location"] == reverse("followups:today")


def test_the_first_password_cannot_be_kept(client, sena):
    User.objects.filter(pk=sena.pk).update(must_change_password=True)
    signed_in(client, sena)

    response = change(client, new=PASSWORD)

    assert "password you have now" in response.content.decode()
    assert User.objects.get(pk=sena.pk).must_change_password


@pytest.mark.parametrize(
    "new",
    [
        "recontact-recontact",
        "tripoli-sena-sena",
        "password123456789",
        "passwordpassword",
        "trip-trip-trip-trip",
    ],
)
def test_a_password_of_words_of_this_work_or_of_the_common_list_is_refused(client, sena, new):
    team("TRIP")
    signed_in(client, sena)

    change(client, new=new)

    assert User.objects.get(pk=sena.pk).check_password(PASSWORD)


def test_a_long_password_may_contain_a_word_of_this_work(client, sena):
    signed_in(client, sena)

    change(client, new="recontact under seven green umbrellas")

    assert User.objects.get(pk=sena.pk).check_password("recontact under seven green umbrellas")
