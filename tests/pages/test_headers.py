"""What every answer tells browsers: keep nothing, run nothing that is not ours, ask the phone for nothing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.permissions import Role
from tests.factories import make_team, make_user
from tests.signing_in import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.either]

CSP = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}  # fmt: skip


@pytest.fixture
def enumerator(client):
    return make_user(Role.ENUMERATOR, team=make_team())


def page(client, enumerator):
    signed_in(client, enumerator)
    return client.get(reverse("followups:today"))


def entrance(client, enumerator):
    return client.get(reverse("accounts:sign_in"))


def redirect_to_the_entrance(client, enumerator):
    return client.get("/people/")


def redirect_within(client, enumerator):
    signed_in(client, enumerator)
    return client.get("/")


def not_found(client, enumerator):
    signed_in(client, enumerator)
    return client.get("/there/is/no/such/page/")


def not_allowed(client, enumerator):
    signed_in(client, enumerator)
    return client.get(reverse("accounts:sign_out"))


def not_theirs(client, enumerator):
    signed_in(client, enumerator)
    return client.get(reverse("accounts:staff"))


def refused_form(client, enumerator):
    return client.post(reverse("accounts:sign_in"), {"username": "x", "password": "y"})


def fragment(client, enumerator):
    signed_in(client, enumerator)
    return client.get(reverse("accounts:staff"), headers={"HX-Request": "true"})


def options_of_a_passkey(client, enumerator):
    return client.get(reverse("accounts:passkey"))


def forged(client, enumerator):
    client.handler.enforce_csrf_checks = True
    return client.post(reverse("accounts:sign_in"), {"username": "x"})


ANSWERS = [
    page, entrance, redirect_to_the_entrance, redirect_within, not_found, not_allowed, not_theirs, refused_form,
    fragment, options_of_a_passkey, forged,
]  # fmt: skip
every_answer = pytest.mark.parametrize("ask", ANSWERS, ids=lambda ask: ask.__name__)


@every_answer
def test_no_cache_keeps_any_answer(client, enumerator, ask):
    assert ask(client, enumerator)["Cache-Control"] == "no-store, private"


@every_answer
def test_no_answer_lets_anything_run_that_is_not_ours(client, enumerator, ask):
    told = ask(client, enumerator)["Content-Security-Policy"]

    assert {part.strip() for part in told.split(";") if part.strip()} == CSP


@every_answer
def test_no_answer_lets_a_page_use_the_phone(client, enumerator, ask):
    told = ask(client, enumerator)["Permissions-Policy"]

    for name in ("camera", "microphone", "geolocation", "usb", "payment", "display-capture"):
        assert f"{name}=()" in told
    assert "publickey-credentials-get=(self)" in told


@every_answer
def test_no_answer_can_be_framed_guessed_or_reached_from_another_window(client, enumerator, ask):
    answer = ask(client, enumerator)

    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_fault_of_ours_is_told_with_the_same_headers(client, enumerator, monkeypatch):
    def broken(*given):
        raise RuntimeError("a fault")

    monkeypatch.setattr("accounts.session_views.render", broken)
    signed_in(client, enumerator)
    client.raise_request_exception = False

    answer = client.get(reverse("accounts:sessions"))

    assert answer.status_code == 500
    assert answer["Cache-Control"] == "no-store, private"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_signing_out_empties_what_the_browser_kept_and_changes_the_cookies(client, enumerator):
    signed_in(client, enumerator)
    client.get(reverse("accounts:own_password"))
    before = client.cookies["csrf"].value

    answer = client.post(reverse("accounts:sign_out"))

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["session"].value == ""
    assert answer.cookies["csrf"].value not in ("", before)


@every_answer
def test_every_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client, enumerator, ask):
    for cookie in ask(client, enumerator).cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] in {"Lax", "Strict"}
        assert not cookie["domain"]


def test_over_https_cookies_carry_the_prefix_that_binds_them_to_this_host():
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    told = f"from config import settings; print([getattr(settings, name) for name in {names}])"

    said = subprocess.run(
        [sys.executable, "-c", told], env={**os.environ, "SECURE": "1"}, cwd=settings.BASE_DIR,
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    assert said.strip() == "['__Host-session', '__Host-csrf', True, True]"


def test_the_second_factor_is_switched_off_by_the_demo_and_by_nothing_else():
    told = "from config import settings; print(settings.SECOND_FACTOR_REQUIRED)"
    asked = {**os.environ, "SECOND_FACTOR_REQUIRED": "0", "DEBUG": "1"}

    said = [
        subprocess.run(
            [sys.executable, "-c", told], env=asked | {"RECONTACT_DEMO": demo}, cwd=settings.BASE_DIR,
            capture_output=True, text=True, check=True,
        ).stdout.strip()
        for demo in ("0", "1")
    ]  # fmt: skip

    assert said == ["True", "False"]


def test_a_page_brought_back_from_memory_is_fetched_anew():
    script = Path(settings.BASE_DIR, "static/js/recontact.js").read_text()

    assert re.search(r'addEventListener\("pageshow".*persisted.*reload', script)
