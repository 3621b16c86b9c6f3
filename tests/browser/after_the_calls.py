"""A day in the field, the desks: a partner, a coordinator, the data protection officer, and who meets nobody."""

from datetime import UTC, datetime, timedelta

from tests.browser import pictures
from tests.browser.planted import LISTED, MAPPING, NOTE, NUMBER, SHOWN_AS, TEAM, TEAM_CODE
from tests.browser.reader import LAPTOP


def focal_point_helps(day):
    reader = day.enter("focal")
    page = reader.page
    reader.look_twice("inbox")
    pictures.keep(page, "focal-inbox")
    # The last to become due came last.
    reader.go("main a:has-text('new') >> nth=-1")
    reader.look_twice("letter")
    pictures.keep(page, "focal-letter")
    reader.press("I have received it")
    reader.press("Read their note")
    reader.look("note")
    assert page.inner_text(".said") == NOTE
    reader.press("Hide it now")
    reader.press("Show the number")
    reader.look("number")
    assert page.inner_text(".number").replace(" ", "") == NUMBER.replace(" ", "")
    reader.press("Hide it now")
    reader.press("We have acted")
    page.select_option("[name=outcome]", "helped")
    reader.press("Close the request")
    reader.look("closed")


def coordinator_brings_a_list(day):
    reader = day.readers["coordinator"]
    agreed_on = (datetime.now(UTC) - timedelta(days=14)).date()
    rows = [f"p{n},{number},yes,{agreed_on}" for n, number in enumerate(LISTED)]
    files = {"content": "\n".join(["id,phone,agreed,on", *rows]), "mapping": MAPPING}
    reader.page.goto("/people/import/")
    reader.page.select_option("[name=study]", index=1)
    for name, text in files.items():
        given = {"name": f"{name}.txt", "mimeType": "text/plain", "buffer": text.encode()}
        reader.page.set_input_files(f"[name={name}]", given)
    reader.page.check("[name=is_real][value=yes]")
    reader.look("import")
    reader.go("main form button.primary")
    reader.look_twice("imported")
    assert "What was read in" in reader.page.inner_text("h1")


def coordinator_lifts_the_hold(day):
    reader = day.readers["coordinator"]
    page = reader.page
    page.goto("/reports/board")
    reader.look_twice("board")
    pictures.keep(page, "coordinator-board", LAPTOP)
    reader.choose("team", label=f"{TEAM_CODE} · {TEAM}")
    reader.press("Show")
    assert "1 safety flag was raised in the last 7 days." in page.text_content("main")
    page.goto(f"/people/?code={day.codes[1]}")
    reader.go(f"main a:has-text('{day.codes[1]}')")
    reader.look_twice("held")
    pictures.keep(page, "coordinator-person", LAPTOP)
    page.click("summary:has-text('Lift')")
    page.locator("details[open] [name=why]").first.check()
    reader.press("Lift")
    assert "The hold is lifted." in page.inner_text(".toasts")


def officer_reads_and_erases(day):
    reader = day.enter("dpo")
    page = reader.page
    reader.look_twice("trail")
    pictures.keep(page, "dpo-trail", LAPTOP)
    page.goto("/reports/trail?action=followups.number_revealed")
    assert f"{SHOWN_AS} saw a number, for one dial." in page.inner_text("main")
    page.goto("/reports/trail")
    reader.go(f"main a:has-text('{day.codes[3]}')")
    reader.look("asked-to-be-erased")
    assert page.is_checked("[name=grade][value=erase_all]")
    reader.go("main form button.primary")
    reader.look_twice("erased")
    assert "1 number was erased." in page.inner_text("main")


def administrator_meets_nobody(day):
    coordinator, reader = day.readers["coordinator"].page, day.readers["administrator"]
    coordinator.goto(f"/people/?code={day.canary}")
    person = coordinator.locator(f"main a:has-text('{day.canary}')").get_attribute("href")
    for address in (
        person, f"{person}number/", "/people/", "/people/enrol/", "/calls/", "/orientation/", "/reports/board",
        "/reports/trail",
    ):  # fmt: skip
        assert reader.page.goto(address).status in (403, 404), address
    reader.look("not-theirs")


def a_colleague_looks_at_today(day):
    """The synthetic study's own enumerator, who has calls behind and before them; in the dark and in Arabic too."""
    reader = day.enter("colleague", "enumerator")
    page = reader.page
    reader.look("today-of-a-colleague")
    pictures.keep(page, "enumerator-today")
    pictures.keep(page, "enumerator-today-dark", scheme="dark")
    page.emulate_media(color_scheme="dark")
    reader.look("today-in-the-dark")
    page.emulate_media(color_scheme="light")
    reader.read_in("ar")
    page.reload()
    reader.look("today-from-right-to-left")
    assert page.get_attribute("html", "dir") == "rtl"
    pictures.keep(page, "enumerator-today-arabic")
