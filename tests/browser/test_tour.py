"""The short tour on a phone: it is read, it is in no one's way, and it goes with one press."""

import pytest

from tests.browser.reader import PHONE

pytestmark = pytest.mark.browser

BIG_ACTION = {
    "enumerator": "main .headline button.big",
    "coordinator": "main h2 >> nth=0",
    "administrator": "main a.button.primary",
    "dpo": "main h2 >> nth=0",
}
"""What each role comes for; where it is a list of what waits, its heading."""


def bottom_of(page, what):
    box = page.locator(what).bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("role", BIG_ACTION)
def test_the_big_action_stays_on_the_first_screen_beside_the_tour(panel, reader, role, language):
    reader.sign_in(getattr(panel, role))
    reader.read_in(language)
    reader.page.goto("/")

    reader.look(f"tour-{role}-{language}")

    assert reader.page.locator(".tour").is_visible()
    assert bottom_of(reader.page, BIG_ACTION[role]) <= PHONE["height"]
    assert reader.faults == []


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_most_urgent_request_stays_on_the_first_screen_beside_the_tour(desk, reader, language):
    reader.sign_in(desk.focal_point)
    reader.read_in(language)
    reader.page.goto("/")

    reader.look(f"tour-focal-{language}")

    assert reader.page.locator(".tour").is_visible()
    assert bottom_of(reader.page, "main .row-who >> nth=0") <= PHONE["height"]
    assert reader.faults == []


def test_without_scripts_the_tour_goes_with_one_press_and_comes_again_from_the_menu(panel, another):
    reader = another(java_script_enabled=False)
    page = reader.page
    reader.sign_in(panel.enumerator)

    page.click(".tour button")
    page.wait_for_url("**/calls/**")
    gone = page.locator(".tour").count()
    page.goto("/tour/")

    assert gone == 0
    assert page.locator(".tour li").count() == 4
