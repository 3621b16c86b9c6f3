"""A refusal reaches the reader as a page, a fragment or a problem+json body, always with what to do."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from config.errors import DomainErrors, server_error
from kernel.errors import Conflict, DomainError
from tests.accounts.people import administrator
from tests.signing_in import signed_in

REFUSAL = DomainError(
    "no_plan", "The study has no plan.", kept="Nothing was recorded.", next_step="Make its plan first."
)


@pytest.fixture
def request_for(db):
    def make(**headers):
        request = RequestFactory().get("/here", headers=headers)
        request.htmx = "HX-Request" in headers
        if request.htmx:
            request.htmx = type("Htmx", (), {"boosted": False, "__bool__": lambda self: True})()
        return request

    return make


def answer(request, error):
    return DomainErrors(lambda _: HttpResponse()).process_exception(request, error)


def test_a_page_says_what_happened_what_was_kept_and_what_to_do(request_for):
    response = answer(request_for(), REFUSAL)

    text = response.content.decode()
    assert response.status_code == 400
    for part in (
        "The study has no plan.",
        "Nothing was recorded.",
        "Make its plan first.",
        "no_plan",
        "<html",
    ):
        assert part in text


def test_a_fragment_carries_the_same_without_the_page_around_it(request_for):
    response = answer(request_for(**{"HX-Request": "true"}), REFUSAL)

    text = response.content.decode()
    assert "Make its plan first." in text
    assert "<html" not in text


def test_a_program_gets_problem_details(request_for):
    response = answer(request_for(Accept="application/json"), Conflict("claim_expired", "Your time is over."))

    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    assert b'"code": "claim_expired"' in response.content


def test_a_programming_fault_is_left_to_crash(request_for):
    assert answer(request_for(), ValueError("a fault")) is None


def test_a_page_that_is_not_there_answers_in_our_words(client, db):
    response = client.get("/there-is-no-such-page")

    assert response.status_code == 404
    assert b"<html" in response.content


def test_no_page_may_be_kept_by_a_cache(client, db):
    response = client.get("/sign-in", follow=True)

    assert response["Cache-Control"] == "no-store, private"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "same-origin"


# --- The way back -----------------------------------------------------------------------------------------


def test_a_refusal_leads_back_to_the_page_before(request_for):
    page = answer(request_for(Referer="http://testserver/studies/?open=1"), REFUSAL).content.decode()
    assert 'href="/studies/?open=1"' in page and "Back to the page before" in page


@pytest.mark.parametrize(
    "before",
    [
        "",
        "https://elsewhere.example/",
        "http://testserver/here",
        "http://testserver//elsewhere.example",
        "http://testserver/\\elsewhere.example",
        "testserver//elsewhere.example",
        "http://testserver@elsewhere.example/",
    ],
)
def test_a_refusal_leads_back_to_no_other_host_and_not_to_itself(request_for, before):
    page = answer(request_for(Referer=before), REFUSAL).content.decode()
    assert "Back to the page before" not in page and "elsewhere" not in page


# --- Sentences ----------------------------------------------------------------------------------------------


def test_a_form_from_a_page_too_old_is_told_to_send_again_and_not_that_the_role_is_wrong(db):
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {})
    page = response.content.decode()
    assert response.status_code == 403
    assert "Please send it again" in page and "Your role" not in page


def test_an_address_that_only_takes_a_form_answers_with_a_page_and_not_with_nothing(client, db):
    signed_in(client, administrator())
    response = client.get(reverse("accounts:sign_out"))
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "This address only takes what a form sends." in response.content.decode()


@pytest.mark.parametrize("code", [400, 403, 404, 405, 500, "forged"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_error_page_says_what_happened_and_leads_on(code, language, rf, db):
    request = rf.get("/")
    request.user = AnonymousUser()
    with translation.override(language):
        page = render_to_string(f"errors/{code}.html", request=request)
    main = page.split("<main")[1]
    assert 'class="notice-word"' in main and 'href="/"' in main
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page


def test_the_page_of_a_fault_promises_nothing_about_what_was_just_sent():
    page = server_error(RequestFactory().post("/")).content.decode()
    assert "may not have arrived" in page and "was kept" not in page
