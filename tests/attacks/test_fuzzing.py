"""The judge of the fuzzer catches what is planted, and its visitor finds every link and form."""

from random import Random

import pytest
from django.http import HttpResponse

from tests.attacks.fuzzing import Page, Shot, Visitor, faults, smallest

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store, private",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
OWN, OTHERS = ("+447700900301",), ("+447700900302",)


def judged(body="", status=200, url="/people/", without="", cookie="", **headers):
    answer = HttpResponse(body, status=status, headers={**HEADERS, **headers})
    if without:
        del answer.headers[without]
    if cookie:
        answer.set_cookie("session", "x", secure=True, httponly=True, samesite="Lax")
        answer.cookies["session"][cookie] = ""
    return faults(Shot("get", url), answer, OWN, OTHERS)


def test_an_answer_in_order_passes():
    assert judged("a page") == []
    assert judged("your number " + OWN[0], url="/calls/1/dial") == []
    assert judged("", status=503, url="/readyz") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": f"the number {OWN[0]}"},
        {"body": f"the number {OTHERS[0]}", "url": "/calls/1/dial"},
        {"status": 500},
        {"body": '<input value=""><b id=fuzz7>'},
        {"body": "ZQfuzz"},
        {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; script-src 'unsafe-inline'"},
        {"Cache-Control": "private"},
        {"Location": "https://elsewhere.example.org/"},
        *({"without": name} for name in HEADERS),
        *({"cookie": flag} for flag in ("secure", "httponly", "samesite")),
    ],
)
def test_what_is_wrong_with_an_answer_is_told(wrong):
    assert judged(**wrong)


def test_links_and_forms_are_found_with_what_their_fields_offer():
    page = Page(
        '<a href="/a/">a</a><a hx-get="b">b</a><form method="post" action="/c/"><input name="x" value="1">'
        '<select name="y"><option value="2"><option value="3"></select><input type="file" name="z"></form>',
        "/here/",
    )

    assert page.links == {"/a/", "/here/b"}
    (form,) = page.forms
    assert (form.method, form.action, form.fields) == ("post", "/c/", {"x": ["1"], "y": ["2", "3"], "z": []})
    assert form.files == {"z"}


def test_the_same_seed_makes_the_same_requests():
    def first_ten():
        visitor = Visitor(Random("seed"), ("word",), ("/a/", "/b/"))
        return [shot for shot, _n in zip(visitor.shots(), range(10), strict=False)]

    assert first_ten() == first_ten()


def test_a_request_that_goes_wrong_is_made_as_small_as_it_can_be():
    long = Shot("post", "/a/", (("x", "1"), ("bad", "\x00"), ("y", "2")), (("HX-Request", "true"),))

    assert smallest(long, lambda one: ("bad", "\x00") in one.data) == Shot("post", "/a/", (("bad", "\x00"),))
