"""The second factor just before what cannot be taken back, and every way around it that we could think of."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from tests.accounts.factors_of import code_at, give_app, give_recovery_codes, wrong_code
from tests.accounts.people import administrator, person
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db

PASSWORD = "a long password for tests only"
RECORDS = "account_authentication_methods"


@pytest.fixture(autouse=True)
def no_tries_left_over():
    cache.clear()


@pytest.fixture
def ada():
    made = administrator()
    give_app(made)
    return made


@pytest.fixture
def sena():
    return person(Role.ENUMERATOR, "sena")


def close(client, sena, **fields):
    """Post to an address that takes a second factor."""
    return client.post(reverse("accounts:person_close", args=[sena.pk]), fields)


def is_open(somebody):
    return User.objects.get(pk=somebody.pk).is_active


def stale(client, ada, seconds=121):
    return signed_in(client, ada, factor_seconds_ago=seconds)


def actions():
    return list(
        AuditEvent.objects.filter(actor_id__isnull=False).order_by("id").values_list("action", "outcome")
    )


# --- What opens and what does not -------------------------------------------------------------------------------------


def test_within_two_minutes_of_a_second_factor_nothing_is_asked(client, ada, sena):
    stale(client, ada, 110)
    assert close(client, sena).status_code == 302
    assert not is_open(sena)


def test_in_the_121st_second_the_view_does_not_run(client, ada, sena):
    stale(client, ada, 121)
    assert close(client, sena).status_code == 401
    assert is_open(sena)


def test_a_fresh_password_is_no_second_factor(client, ada, sena):
    signed_in(client, ada, factor_seconds_ago=500)
    session = client.session
    session[RECORDS] = [*session[RECORDS], {"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    assert close(client, sena).status_code == 401
    assert is_open(sena)


def test_what_somebody_else_gave_in_this_browser_counts_for_nothing(client, ada, sena):
    signed_in(client, ada)
    session = client.session
    session[f"{RECORDS}_user"] = str(sena.pk)
    session.save()
    assert close(client, sena).status_code in (302, 401)
    assert is_open(sena)


def test_a_factor_from_the_future_is_none(client, ada, sena):
    signed_in(client, ada, factor_seconds_ago=-3600)
    assert close(client, sena).status_code == 401
    assert is_open(sena)


def test_another_session_of_the_same_person_does_not_lend_its_factor(client, ada, sena):
    signed_in(Client(), ada)
    stale(client, ada)
    assert close(client, sena).status_code == 401
    assert is_open(sena)


def test_looking_at_the_page_never_acts(client, ada, sena):
    signed_in(client, ada)
    assert client.get(reverse("accounts:person_close", args=[sena.pk])).status_code == 405
    assert is_open(sena)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method_slips_through(client, ada, sena, method):
    stale(client, ada)
    assert getattr(client, method)(reverse("accounts:person_close", args=[sena.pk])).status_code in (401, 405)
    assert is_open(sena)


# --- The answer -------------------------------------------------------------------------------------------------------


def test_the_right_code_runs_the_view_with_what_was_typed(client, ada, sena):
    stale(client, ada)
    typed = {
        "display_name": "Sena <b>A</b>", "role": "enumerator", "languages": ["ti", "ar"], "gender": "woman",
        "time_zone": "Africa/Tunis", "interface_language": "fr",
    }  # fmt: skip
    address = reverse("accounts:person", args=[sena.pk])
    page = client.post(address, typed)
    asked = page.context["typed"]
    assert page.status_code == 401
    assert ("languages", "ti") in asked
    assert ("languages", "ar") in asked
    carried = {name: [value for one, value in asked if one == name] for name, _value in asked}
    client.post(address, carried | {"step_up_answer": code_at()})
    sena.refresh_from_db()
    assert (sena.display_name, sena.time_zone) == ("Sena <b>A</b>", "Africa/Tunis")
    assert set(sena.languages.values_list("language", flat=True)) == {"ti", "ar"}


def test_nothing_typed_is_kept_in_the_session(client, ada, sena):
    stale(client, ada)
    client.post(reverse("accounts:person", args=[sena.pk]), {"display_name": "Something typed"})
    kept = [row.get_decoded() for row in Session.objects.all()]
    assert kept
    assert "Something typed" not in str(kept)


def test_what_was_typed_is_escaped_in_the_page(client, ada, sena):
    stale(client, ada)
    page = close(client, sena, note='"><script>alert(1)</script>')
    assert b"<script>alert(1)" not in page.content


def test_the_answer_itself_does_not_travel_on(client, ada, sena):
    stale(client, ada)
    page = close(client, sena, step_up_answer=wrong_code(), note="kept")
    assert page.context["typed"] == [("note", "kept")]
    assert wrong_code().encode() not in page.content


def test_the_session_has_a_new_key_after_the_answer(client, ada, sena):
    stale(client, ada)
    before = client.session.session_key
    close(client, sena, step_up_answer=code_at())
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_both_ways_are_in_the_trail(client, ada, sena):
    stale(client, ada)
    close(client, sena, step_up_answer=wrong_code())
    close(client, sena, step_up_answer=code_at())
    told = [(action, outcome) for action, outcome in actions() if action.startswith("accounts.step")]
    assert told == [(Action.STEP_UP_REFUSED, "refused"), (Action.STEPPED_UP, "done")]
    assert AuditEvent.objects.get(action=Action.STEPPED_UP).detail == {"for": "accounts:person_close"}


def test_a_code_works_once(client, ada, sena):
    stale(client, ada)
    code = code_at()
    close(client, sena, step_up_answer=code)
    other = person(Role.ENUMERATOR, "other")
    again = stale(Client(), ada)
    assert close(again, other, step_up_answer=code).status_code == 401
    assert is_open(other)


def test_a_posted_step_up_that_is_sent_again_later_does_nothing(client, ada, sena):
    stale(client, ada)
    code = code_at()
    close(client, sena, step_up_answer=code)
    User.objects.filter(pk=sena.pk).update(is_active=True)
    session = client.session
    session[RECORDS] = [{**one, "at": one["at"] - 130} for one in session[RECORDS]]
    session.save()
    assert close(client, sena, step_up_answer=code).status_code == 401
    assert is_open(sena)


def test_the_code_of_another_person_opens_nothing(client, ada, sena):
    other = administrator("otto")
    give_app(other, seed="KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")
    stale(client, ada)
    assert (
        close(client, sena, step_up_answer=code_at(seed="KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")).status_code
        == 401
    )
    assert is_open(sena)


def test_a_recovery_code_opens_once_and_is_told_apart_in_the_trail(client, ada, sena):
    first = give_recovery_codes(ada)[0]
    stale(client, ada)
    assert close(client, sena, step_up_answer=first).status_code == 302
    assert AuditEvent.objects.filter(action=Action.RECOVERY_CODE_USED).count() == 1
    other = person(Role.ENUMERATOR, "other")
    assert close(stale(Client(), ada), other, step_up_answer=first).status_code == 401
    assert is_open(other)


def test_recovery_codes_alone_are_no_second_factor(client, sena):
    bare = administrator("bare")
    first = give_recovery_codes(bare)[0]
    stale(client, bare)
    assert close(client, sena, step_up_answer=first).status_code == 401
    assert is_open(sena)


def test_a_right_code_opens_the_door_and_not_the_view_s_own_rules(client, ada):
    """Forged hidden fields: the view asks everything again."""
    stale(client, ada)
    typed = {
        "display_name": "Ada",
        "role": "dpo",
        "gender": "not_said",
        "time_zone": "UTC",
        "interface_language": "en",
    }
    page = client.post(reverse("accounts:person", args=[ada.pk]), typed | {"step_up_answer": code_at()})
    assert page.status_code == 403
    ada.refresh_from_db()
    assert ada.role == Role.ADMINISTRATOR


def test_a_right_code_does_not_open_another_role_s_page(client, sena, ada):
    give_app(sena)
    stale(client, sena)
    assert close(client, ada, step_up_answer=code_at()).status_code == 403
    assert is_open(ada)


@pytest.mark.parametrize(
    "passkey", ["{}", "[]", '"x"', "not json", '{"id": "AAAA"}', '{"response": {"userHandle": 1}}']
)
def test_whatever_is_sent_as_a_passkey_opens_nothing_and_breaks_nothing(client, ada, sena, passkey):
    stale(client, ada)
    assert close(client, sena, step_up_passkey=passkey).status_code == 401
    assert is_open(sena)


def test_a_password_instead_of_the_code_opens_nothing(client, ada, sena):
    ada.set_password(PASSWORD)
    ada.save(update_fields=["password"])
    stale(client, ada)
    assert close(client, sena, step_up_answer=PASSWORD).status_code == 401
    assert is_open(sena)


def test_outside_the_demo_nobody_without_a_factor_passes(client, sena):
    bare = administrator("bare")
    bare.set_password(PASSWORD)
    bare.save(update_fields=["password"])
    stale(client, bare)
    page = close(client, sena, step_up_answer=PASSWORD)
    assert page.status_code == 401
    assert not page.context["may_pass"]
    assert is_open(sena)


# --- The demo ---------------------------------------------------------------------------------------------------------


def test_in_the_demo_the_password_stands_in_where_there_is_no_factor(client, sena, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    bare = administrator("bare")
    bare.set_password(PASSWORD)
    bare.save(update_fields=["password"])
    signed_in(client, bare, factor_seconds_ago=500)
    assert close(client, sena).status_code == 401
    assert close(client, sena, step_up_answer="not the password").status_code == 401
    assert is_open(sena)
    assert close(client, sena, step_up_answer=PASSWORD).status_code == 302
    assert not is_open(sena)


def test_in_the_demo_whoever_has_a_factor_still_gives_it(client, ada, sena, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    ada.set_password(PASSWORD)
    ada.save(update_fields=["password"])
    stale(client, ada)
    assert close(client, sena, step_up_answer=PASSWORD).status_code == 401
    assert is_open(sena)


# --- Guessing ---------------------------------------------------------------------------------------------------------


def test_the_fifth_wrong_answer_ends_the_session(client, ada, sena):
    stale(client, ada)
    answers = [close(client, sena, step_up_answer=wrong_code()).status_code for _try in range(5)]
    assert answers == [401, 401, 401, 401, 429]
    assert "_auth_user_id" not in client.session
    assert close(client, sena).status_code == 302
    assert AuditEvent.objects.filter(action=Action.SESSIONS_ENDED).count() == 1


def test_a_stolen_session_does_not_use_up_the_tries_of_its_owner(client, ada, sena):
    stale(client, ada)
    for _try in range(6):
        close(client, sena, step_up_answer=wrong_code())
    own = stale(Client(), ada)
    assert close(own, sena, step_up_answer=code_at()).status_code == 302
    assert not is_open(sena)


def test_new_sessions_bring_no_more_than_fifteen_tries_in_all(ada, sena):
    for _session in range(3):
        stolen = stale(Client(), ada)
        for _try in range(5):
            close(stolen, sena, step_up_answer=wrong_code())
    again = stale(Client(), ada)
    assert close(again, sena, step_up_answer=code_at()).status_code == 429
    assert is_open(sena)
    assert AuditEvent.objects.filter(action=Action.STEP_UP_REFUSED).count() == 15


def test_a_right_answer_forgets_the_wrong_ones(client, ada, sena):
    stale(client, ada)
    for _try in range(4):
        close(client, sena, step_up_answer=wrong_code())
    assert close(client, sena, step_up_answer=code_at()).status_code == 302
    stale(client, ada)
    answers = [close(client, sena, step_up_answer=wrong_code()).status_code for _try in range(4)]
    assert answers == [401] * 4


def test_a_locked_vault_uses_up_no_tries(client, ada, sena, vault_locked):
    stale(client, ada)
    vault_locked()
    for _try in range(6):
        assert close(client, sena, step_up_answer=code_at()).status_code == 401
    assert "_auth_user_id" in client.session


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_in_many_sessions_fifteen_are_looked_at():
    ada, sena = administrator(), person(Role.ENUMERATOR, "sena")
    give_app(ada)
    wrong = wrong_code()
    browsers = [stale(Client(), ada) for _n in range(20)]

    def guess(browser):
        try:
            return close(browser, sena, step_up_answer=wrong).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(guess, browsers))
    assert AuditEvent.objects.filter(action=Action.STEP_UP_REFUSED).count() == 15


# --- htmx -------------------------------------------------------------------------------------------------------------


def test_an_htmx_post_gets_the_question_in_place_of_the_page(client, ada, sena):
    stale(client, ada)
    page = client.post(reverse("accounts:person_close", args=[sena.pk]), headers={"HX-Request": "true"})
    assert (page.status_code, page["HX-Retarget"]) == (200, "#main")
    assert b"step_up_answer" in page.content
    assert is_open(sena)
