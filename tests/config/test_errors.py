"""A refusal reaches the reader as a page, a fragment or a problem+json body, always with what to do."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.errors import DomainErrors
from kernel.errors import Conflict, DomainError

REFUSAL = DomainError(
    "no_plan", "The study has no plan.", kept="Nothing was recorded.", next_step="Make its plan first."
)


@pytest.fixture
def request_for(db):
    def make(**headers):
        request = RequestFactory().get("/", headers=headers)
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
