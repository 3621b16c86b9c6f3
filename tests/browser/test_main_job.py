"""The main job in a real browser, on a small screen."""

import re

import pytest

pytestmark = pytest.mark.browser


def test_an_enumerator_makes_a_call_and_sees_the_next_one_planned(panel, reader):
    page = reader.page
    reader.sign_in(panel.enumerator)
    reader.look("enumerator-today")

    page.click("text=Next call")
    reader.look("enumerator-card")
    assert not re.search(r"\+\d{8,}", page.inner_text("body"))

    page.click("button:has-text('Call')")
    reader.look("enumerator-call")
    assert re.search(r"\+447700900\d{3}", page.inner_text(".number"))

    page.check("input[name=interview][value=yes]")
    page.check("input[name=disposition][value=completed]")
    page.click("button:has-text('Record')")
    reader.look("enumerator-recorded")

    assert "The next call is planned for" in page.inner_text("main")
    assert reader.faults == []


def test_unsafe_empties_the_screen_and_holds_the_person(panel, reader):
    from followups.models import Hold

    page = reader.page
    reader.sign_in(panel.enumerator)
    page.click("text=Next call")
    page.click("button:has-text('Unsafe')")
    page.wait_for_url("**/calls/blank")

    assert len(page.inner_text("body").strip()) <= 1
    assert Hold.objects.filter(kind="safety", until=None).count() == 1
    assert reader.faults == []


def test_the_number_goes_when_its_minute_is_over(panel, reader):
    page = reader.page
    page.clock.install()
    reader.sign_in(panel.enumerator)
    page.click("text=Next call")
    page.click("button:has-text('Call')")
    assert page.locator(".number").count() == 1

    page.clock.fast_forward(61_000)

    assert page.locator(".number").count() == 0
    assert not re.search(r"\+447700900\d{3}", page.content())


def test_the_same_pages_right_to_left(panel, reader):
    page = reader.page
    reader.sign_in(panel.enumerator)
    page.click(".bar-end summary >> nth=0")
    page.click("button[name=language][value=ar]")
    page.goto("/calls/")

    assert page.get_attribute("html", "dir") == "rtl"
    reader.look("enumerator-today-rtl")
    assert reader.faults == []
