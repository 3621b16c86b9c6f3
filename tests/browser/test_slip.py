"""Something a person may keep, from the enrolment to the paper."""

import pytest

pytestmark = pytest.mark.browser

SENTENCE = "To stop at any time, say this code to any of us. It counts at once."


def test_only_the_slip_comes_on_paper_and_the_page_looks_well(panel, reader):
    page, person = reader.page, panel.people[0]
    reader.sign_in(panel.enumerator)
    page.goto(f"/people/{person.pk}/")
    page.click("text=Something to keep")
    reader.look_twice("slip")

    page.emulate_media(media="print")

    assert page.inner_text("body").split("\n\n") == [person.spoken_code, SENTENCE]
    assert page.locator("main").evaluate("main => getComputedStyle(main).page") == "slip"
    assert page.title() == "Something to keep"
    assert reader.faults == []


def test_without_scripts_four_codes_alone_are_made_with_two_choices(panel, another):
    reader = another(java_script_enabled=False)
    page, person = reader.page, panel.people[0]
    reader.sign_in(panel.enumerator)
    page.goto(f"/people/{person.pk}/slip/")

    page.check("[name=amount][value=code]")
    page.select_option("[name=copies]", "4")
    page.click("main form.form button")
    page.emulate_media(media="print")

    assert page.inner_text("body").split() == [person.spoken_code] * 4


def test_with_nothing_to_carry_the_paper_stays_empty(panel, reader):
    page = reader.page
    reader.sign_in(panel.enumerator)
    page.goto(f"/people/{panel.people[0].pk}/slip/?amount=nothing&language=en&copies=1")

    page.emulate_media(media="print")

    assert page.inner_text("body").strip() == ""
