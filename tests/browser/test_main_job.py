"""The main job in a real browser, on a small screen."""

import re

import pytest

from tests.factories import PASSWORD, SYNTHETIC_NUMBER

pytestmark = pytest.mark.browser


def test_an_enumerator_makes_a_call_and_sees_the_next_one_planned(panel, reader):
    page = reader.page
    reader.sign_in(panel.enumerator)
    reader.look("enumerator-today")

    page.click("button:has-text('Next call')")
    reader.look("enumerator-card")
    assert not re.search(r"\+\d{8,}", page.inner_text("body"))

    page.click("button:text-is('Call')")
    reader.look("enumerator-call")
    assert re.search(SYNTHETIC_NUMBER, page.inner_text(".number"))

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
    page.click("button:has-text('Next call')")
    page.click("button:has-text('Unsafe')")
    page.wait_for_url("**/calls/blank")

    assert len(page.inner_text("body").strip()) <= 1
    assert Hold.objects.filter(kind="safety", until=None).count() == 1
    assert reader.faults == []


def test_the_number_goes_when_its_minute_is_over(panel, reader):
    page = reader.page
    page.clock.install()
    reader.sign_in(panel.enumerator)
    page.click("button:has-text('Next call')")
    page.click("button:text-is('Call')")
    assert page.locator(".number").count() == 1

    page.clock.fast_forward(61_000)

    assert page.locator(".number").count() == 0
    assert not re.search(SYNTHETIC_NUMBER, page.content())


def test_the_same_pages_right_to_left(panel, reader):
    page = reader.page
    reader.sign_in(panel.enumerator)
    page.click(".bar-end summary >> nth=0")
    page.click("button[name=language][value=ar]")
    page.goto("/calls/")

    assert page.get_attribute("html", "dir") == "rtl"
    reader.look("enumerator-today-rtl")
    assert reader.faults == []


def tab_to(page, words):
    """Press Tab until the focus is on something with these words, as people do who use no mouse and no touch."""
    for _press in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("""() => {
          const here = document.activeElement;
          return `${here.innerText} ${here.name}`;
        }""")
        if words in focused:
            return
    raise AssertionError(f"{words!r} cannot be reached with the Tab key")


def test_a_call_is_made_with_the_keyboard_alone(panel, reader):
    page = reader.page
    page.goto("/sign-in/")
    tab_to(page, "username")
    page.keyboard.type(panel.enumerator.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls/")

    tab_to(page, "Next call")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls/*-*/")
    tab_to(page, "Call")
    page.keyboard.press("Enter")
    page.wait_for_selector(".number")
    tab_to(page, "interview")
    page.keyboard.press("ArrowDown")
    tab_to(page, "disposition")
    page.keyboard.press("Space")
    tab_to(page, "Record")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recorded")

    assert "The next call is planned for" in page.inner_text("main")
    assert reader.faults == []


def test_a_call_is_made_and_a_page_left_in_a_hurry_where_no_script_runs(panel, another):
    plain = another(java_script_enabled=False)
    page = plain.page
    plain.sign_in(panel.enumerator)
    page.click("button:has-text('Next call')")
    page.click("button:text-is('Call')")
    assert re.search(SYNTHETIC_NUMBER, page.inner_text(".number"))
    page.check("input[name=interview][value=yes]")
    page.check("input[name=disposition][value=completed]")
    page.click("button:has-text('Record')")
    assert "The next call is planned for" in page.inner_text("main")

    page.click("button:has-text('Next call')")
    page.click("button:has-text('Unsafe')")

    assert page.url.endswith("/calls/blank")
    assert plain.faults == []


def test_somebody_who_withdraws_between_claim_and_dial_is_not_dialled_and_the_caller_is_told(
    panel, reader, another
):
    page = reader.page
    reader.sign_in(panel.enumerator)
    page.click("button:has-text('Next call')")
    code = page.inner_text("h1").strip()

    elsewhere = another()
    elsewhere.sign_in(panel.coordinator)
    elsewhere.page.goto("/people/")
    elsewhere.page.fill("[name=code]", code)
    elsewhere.page.click("main button:has-text('Show')")
    elsewhere.page.click(f"a:has-text('{code}')")
    elsewhere.page.click("text=They want to withdraw")
    elsewhere.page.click("text=Do what they wish")
    elsewhere.look("coordinator-receipt")
    assert "Nobody calls you any more" in elsewhere.page.inner_text("main")

    page.click("button:text-is('Call')")
    reader.look("enumerator-refused")

    assert "Take the next call" in page.inner_text("main")
    assert page.locator(".number").count() == 0
    assert not re.search(r"\+\d{8,}", page.content())
    assert reader.faults + elsewhere.faults == []


def test_a_number_typed_where_a_code_belongs_is_not_sent_and_so_stands_in_no_history(panel, reader):
    reader.sign_in(panel.coordinator)
    page = reader.page
    page.goto("/people/")

    page.fill("[name=code]", "+44 7700 900946")
    page.click("button:has-text('Show'):not(:has-text('tour'))")

    assert "7700" not in page.url
    assert page.eval_on_selector("[name=code]", "field => field.validity.patternMismatch")
    spoken = panel.people[0].spoken_code
    page.fill("[name=code]", f" {spoken.lower()} ")
    page.click("button:has-text('Show'):not(:has-text('tour'))")
    page.wait_for_url("**code=**")
    assert spoken in page.inner_text("main")
    assert not reader.faults
