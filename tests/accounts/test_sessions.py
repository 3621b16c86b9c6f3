"""Sessions: how long they last, what ends them, and that none can be forged, replayed or borrowed."""

import json
import time

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts import sessions, staffing
from accounts.models import Ended, StaffSession, User
from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from kernel import clock
from kernel.errors import Forbidden
from tests.accounts.codes import code_of, send_code, send_password, set_up_app, with_password
from tests.accounts.people import NOON, administrator, person, team
from tests.signing_in import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_counts")]
HOUR = 3600
OWN = reverse("accounts:own_password")
ENTRANCE = reverse("accounts:sign_in")


@pytest.fixture
def kim():
    return with_password(person(Role.COORDINATOR, "kim", teams=(team(),)))


def is_in(client):
    return client.get(OWN).status_code == 200


def enter(client, somebody):
    """By password and a second factor that is set up on the way, or by the one there is."""
    answer = send_password(client, somebody)
    assert answer.status_code == 302
    return set_up_app(client)[0]


def sentence_at_the_entrance(client):
    page = client.get(OWN, follow=True)
    return " ".join(str(message) for message in page.context["messages"])


# --- Forged, replayed, borrowed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["a" * 32, "0" * 32, "' or 1=1 --", "../../etc", "x", ""])
def test_a_session_key_of_ones_own_making_opens_nothing_and_is_not_adopted(client, sena, key):
    client.cookies["session"] = key

    assert client.get(OWN).status_code == 302
    send_password(client, sena)

    assert client.cookies["session"].value != key


def test_a_session_planted_before_sign_in_is_not_the_one_that_is_signed_in(client, sena):
    planted = SessionStore()
    planted["left_by"] = "mallory"
    planted.save()
    client.cookies["session"] = planted.session_key

    enter(client, sena)
    thief = Client()
    thief.cookies["session"] = planted.session_key

    assert is_in(client)
    assert not is_in(thief)


def test_a_session_with_somebody_elses_hash_is_nobodys(client, sena, kim):
    signed_in(client, sena)
    forged = client.session
    forged["_auth_user_id"] = str(kim.pk)
    forged["account_authentication_methods_user"] = str(kim.pk)
    forged.save()

    assert not is_in(client)


def test_a_second_factor_of_somebody_else_in_the_session_counts_for_nothing(client, sena, kim):
    signed_in(client, sena)
    borrowed = client.session
    borrowed["account_authentication_methods_user"] = str(kim.pk)
    borrowed.save()

    assert client.get("/")["Location"] == reverse("accounts:factor_setup")


def test_a_cookie_replayed_after_sign_out_is_nobodys(client, sena):
    signed_in(client, sena)
    kept = client.cookies["session"].value
    client.post(reverse("accounts:sign_out"))
    replay = Client()
    replay.cookies["session"] = kept

    assert not is_in(replay)
    assert not Session.objects.filter(session_key=kept).exists()


def test_a_cookie_replayed_after_a_quarter_of_an_hour_left_idle_is_nobodys(client, sena):
    signed_in(client, sena)
    assert client.session.get_expiry_age() == 15 * 60
    Session.objects.update(expire_date=clock.wall())

    assert not is_in(client)


def test_what_is_sent_without_a_session_is_told_not_to_be_recorded_and_leads_back_to_its_page(client):
    refused = client.post(
        reverse("casework:stop"), {"raw": "K7Q2-9M4S"}, headers={"referer": "http://testserver/people/stop/"}
    )

    assert refused["Location"] == f"{ENTRANCE}?next=/people/stop/"
    assert "what you just sent was not recorded" in client.get(refused["Location"]).content.decode()


@pytest.mark.parametrize(
    "page", ["", "https://elsewhere.example.org/people/", "http://testserver//elsewhere"]
)
def test_what_is_sent_from_nowhere_known_leads_to_the_first_page_after_sign_in(client, page):
    refused = client.post(reverse("accounts:other_sessions_end"), headers={"referer": page})

    assert "elsewhere" not in refused["Location"]
    assert refused["Location"] == f"{ENTRANCE}?next=/"


def test_signing_out_of_a_session_that_is_over_leads_to_the_entrance_without_a_word(client):
    gone = client.post(reverse("accounts:sign_out"))

    assert gone["Location"] == ENTRANCE
    assert "not recorded" not in client.get(ENTRANCE).content.decode()


def test_a_cookie_replayed_after_a_change_of_role_is_nobodys(client, sena):
    signed_in(client, sena)
    staffing.change_person(
        person=User.objects.get(pk=sena.pk),
        details=staffing.PersonDetails(display_name="Sena", role=Role.COORDINATOR),
        by=administrator(),
        now=NOON,
    )

    assert not is_in(client)


def test_a_form_signed_for_somebody_else_is_refused(sena, kim):
    hers, his = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    signed_in(hers, sena)
    signed_in(his, kim)
    token = his.get(OWN).context["csrf_token"]
    hers.get(OWN)

    answer = hers.post(reverse("accounts:sign_out"), {"csrfmiddlewaretoken": str(token)})

    assert answer.status_code == 403
    assert is_in(hers)


def test_a_form_without_a_signature_is_refused(sena):
    hers = Client(enforce_csrf_checks=True)
    signed_in(hers, sena)

    assert hers.post(reverse("accounts:sign_out")).status_code == 403


def test_the_key_changes_at_each_step_in(client, sena):
    client.get(reverse("accounts:sign_in"))
    seed = enter(client, sena)
    client.post(reverse("accounts:sign_out"))
    send_password(client, sena)
    half_way = client.session.session_key
    send_code(client, code_of(seed))

    assert client.session.session_key != half_way
    assert not Session.objects.filter(session_key=half_way).exists()


def test_no_session_holds_a_secret_or_a_name(client, sena):
    enter(client, sena)
    client.get(reverse("followups:today"))

    held = json.dumps([session.get_decoded() for session in Session.objects.all()])

    for told in ("sena", "Sena", "four-unrelated", "127.0.0.1"):
        assert told not in held


# --- How long ---------------------------------------------------------------------------------------------------------


def test_ten_hours_after_sign_in_a_busy_session_ends_too_and_says_so(client, sena):
    signed_in(client, sena, factor_seconds_ago=10 * HOUR + 1)

    assert not is_in(client)
    assert "_auth_user_id" not in client.session


def test_just_before_ten_hours_it_stands(client, sena):
    signed_in(client, sena, factor_seconds_ago=10 * HOUR - 60)

    assert is_in(client)


def test_giving_a_second_factor_again_does_not_prolong_the_ten_hours(client, sena):
    signed_in(client, sena, factor_seconds_ago=10 * HOUR + 1)
    session = client.session
    session["account_authentication_methods"] += [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session.save()

    assert not is_in(client)


def test_who_comes_back_after_ten_hours_is_told_why(client, sena):
    enter(client, sena)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 10 * HOUR + 1
    session.save()

    assert "Ten hours are over" in sentence_at_the_entrance(client)
    assert StaffSession.objects.get().why == Ended.TOO_LONG


# --- What ends others -------------------------------------------------------------------------------------------------


def test_an_enumerator_has_one_session_and_the_other_browser_is_told(client, sena):
    seed = enter(client, sena)
    elsewhere = Client()
    send_password(elsewhere, User.objects.get(pk=sena.pk))
    send_code(elsewhere, code_of(seed))

    assert is_in(elsewhere)
    assert "signed in somewhere else" in sentence_at_the_entrance(client)


def test_a_coordinator_may_work_at_two_browsers(client, kim):
    seed = enter(client, kim)
    elsewhere = Client()
    send_password(elsewhere, User.objects.get(pk=kim.pk))
    send_code(elsewhere, code_of(seed))

    assert is_in(client)
    assert is_in(elsewhere)


def test_half_a_sign_in_ends_nobodys_session(client, sena):
    enter(client, sena)

    send_password(Client(), User.objects.get(pk=sena.pk))

    assert is_in(client)


def two_browsers(somebody):
    one, other = Client(), Client()
    seed = enter(one, somebody)
    send_password(other, User.objects.get(pk=somebody.pk))
    assert send_code(other, code_of(seed)).status_code == 302
    return one, other


def test_a_new_password_ends_the_others_and_keeps_this_one(kim):
    one, other = two_browsers(kim)

    new = "another-four-plain-words"
    one.post(OWN, {"old": "four-unrelated-plain-words", "new": new, "again": new})

    assert is_in(one)
    assert "password was changed" in sentence_at_the_entrance(other)


def test_a_changed_factor_ends_the_others_and_keeps_this_one(kim):
    one, other = two_browsers(kim)

    seed = one.get(reverse("accounts:factor_app")).context["setup"].secret
    one.post(reverse("accounts:factor_app"), {"code": code_of(seed)})

    assert is_in(one)
    assert "second factor was changed" in sentence_at_the_entrance(other)


def test_one_ends_ones_other_sessions_from_the_page_that_lists_them(kim):
    one, other = two_browsers(kim)
    page = one.get(reverse("accounts:sessions"))
    assert len(page.context["sessions"]) == 2

    one.post(reverse("accounts:other_sessions_end"))

    assert is_in(one)
    assert "from another browser" in sentence_at_the_entrance(other)
    assert len(one.get(reverse("accounts:sessions")).context["sessions"]) == 1
    assert AuditEvent.objects.filter(action=Action.SESSIONS_ENDED, actor_id=kim.pk).exists()


def test_nobody_sees_the_sessions_of_others(client, sena, kim):
    enter(Client(), kim)
    signed_in(client, sena)

    assert list(client.get(reverse("accounts:sessions")).context["sessions"]) == []


def test_an_administrator_ends_somebodys_sessions(kim):
    one, other = two_browsers(kim)
    hers = signed_in(Client(), administrator())

    hers.post(reverse("accounts:person_sessions_end", args=[kim.pk]))

    assert not is_in(one)
    assert "administrator ended" in sentence_at_the_entrance(other)
    assert AuditEvent.objects.filter(action=Action.SESSIONS_ENDED, object_id=kim.pk).exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_ends_the_sessions_of_others(client, kim, role):
    mallory = person(role, "mallory", teams=(team(),))
    signed_in(client, mallory)

    assert client.post(reverse("accounts:person_sessions_end", args=[kim.pk])).status_code == 403
    with pytest.raises(Forbidden):
        sessions.end_of(person=kim, by=mallory, now=NOON)


def test_closing_an_account_ends_its_sessions_at_once(client, sena):
    enter(client, sena)
    staffing.close_account(person=User.objects.get(pk=sena.pk), by=administrator(), now=NOON)

    assert not is_in(client)


# --- What is told at the beginning ------------------------------------------------------------------------------------


def test_the_first_page_tells_of_the_last_time_and_of_refused_tries(client, kim):
    seed = enter(client, kim)
    client.post(reverse("accounts:sign_out"))
    send_password(Client(), kim, "wrong")
    send_password(Client(), kim, "wrong again")
    send_password(client, kim)
    send_code(client, code_of(seed))

    told = [str(message) for message in client.get("/", follow=True).context["messages"]]

    assert "2 tries" in told[0]
    assert told[1].startswith("You last signed in on ")


def test_the_very_first_time_there_is_nothing_to_tell(client, kim):
    enter(client, kim)

    assert list(client.get("/", follow=True).context["messages"]) == []


def test_the_list_of_sessions_knows_a_browser_by_two_words_and_no_address(client, kim):
    client.defaults["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari"
    )
    enter(client, kim)

    kept = StaffSession.objects.get()
    assert kept.browser == "Chrome · Android"
    assert "127.0.0.1" not in str(StaffSession.objects.values().get())


def test_a_session_in_use_says_so_every_five_minutes(client, kim, django_assert_max_num_queries):
    enter(client, kim)
    StaffSession.objects.update(seen_at=F("began_at"))
    session = client.session
    session["staff_session_seen"] -= 301
    session.save()

    client.get(OWN)

    kept = StaffSession.objects.get()
    assert kept.seen_at > kept.began_at
