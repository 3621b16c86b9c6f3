"""A day in the field, the morning: staff, a study, words, and the first person enrolled."""

from datetime import UTC, datetime

from config.demo.content import STUDY_CODE
from tests.browser import pictures
from tests.browser.enumerator import Enumerator
from tests.browser.planted import (
    ASK_FOR,
    COVER_WORDS,
    NUMBER,
    OWN_PASSWORD,
    SAFE_PHRASE,
    SHOWN_AS,
    TEAM,
    TEAM_CODE,
    USERNAME,
)
from tests.browser.reader import LAPTOP


def administrator_hires(day):
    reader = day.enter("administrator")
    page = reader.page
    reader.look_twice("staff")
    page.goto("/teams/new/")
    page.fill("[name=code]", TEAM_CODE)
    page.fill("[name=title]", TEAM)
    page.select_option("[name=country]", "TN")
    reader.go("main form button.primary")
    reader.look("teams")
    for name in ("Coordinator", "Second coordinator"):
        page.goto("/staff/")
        reader.press(name)
        page.get_by_label(TEAM).check()
        reader.go("main form button.primary")
    page.goto("/staff/new/")
    page.fill("[name=username]", USERNAME)
    page.fill("[name=display_name]", SHOWN_AS)
    page.select_option("[name=role]", "enumerator")
    page.get_by_label(TEAM).check()
    page.check("[name=languages][value=en]")
    page.fill("[name=time_zone]", "UTC")
    reader.go("main form button.primary")
    reader.look("first-password")
    day.first_password = page.inner_text(".first-password")
    page.goto("/staff/")
    assert SHOWN_AS in page.inner_text("main")
    pictures.keep(page, "administrator-staff", LAPTOP)


def coordinators_set_up(day):
    reader, second = day.enter("coordinator"), day.enter("second")
    page = reader.page
    page.goto("/studies/")
    reader.go(f"main a:has-text('{STUDY_CODE}')")
    reader.look("study")
    reader.press("Change")
    page.get_by_label(TEAM).check()
    reader.go("main form button.primary")
    assert TEAM in page.inner_text("main")
    page.goto("/wordings/recontact/en/")
    page.fill("[name=text]", "May we call you again? You can say no, and nothing is lost by it.")
    reader.press("Save the draft")
    reader.look("drafted")
    assert "somebody else has to approve it" in page.inner_text("main")
    second.page.goto("/wordings/recontact/en/")
    second.look_twice("to-approve")
    second.press("I have read it: approve")
    assert "Approved by Second coordinator" in second.page.inner_text("main")


def enumerator_starts(day):
    """With the first password, once, and from then on with one that nobody else has seen."""
    reader = day.enter("enumerator", USERNAME, day.first_password, own=OWN_PASSWORD)
    day.enumerator = Enumerator(reader, datetime.now(UTC), f"{TEAM_CODE} · {TEAM}")


def enumerator_enrols(day):
    """Somebody whose number and words nobody may find again."""
    one, reader, page = day.enumerator, day.enumerator.reader, day.enumerator.page
    one.choose_words_to_read_out()
    assert "nothing is lost by it" in page.inner_text("main")
    page.fill("[name=ask_for]", ASK_FOR)
    page.fill("[name=number1-cover_words]", COVER_WORDS)
    page.fill("[name=number1-safe_phrase]", SAFE_PHRASE)
    one.fill_in_somebody(NUMBER)
    reader.look("enrol")
    day.canary = one.enrol()
    assert f"{day.canary} is enrolled" in page.inner_text(".toasts")
    reader.look_twice("enrolled")
    reader.press("Something to keep")
    reader.look("slip")
    pictures.keep(page, "enumerator-slip")
    assert day.canary in page.inner_text("main")
