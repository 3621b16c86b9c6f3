"""The main job of every role, in the order in which it happens in the field, through a running server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from config.demo.content import PASSWORD, STUDY_CODE
from tests.browser import pictures
from tests.browser.enumerator import Enumerator
from tests.browser.reader import LAPTOP, Reader
from tests.browser.running import Running

TEAM_CODE, TEAM = "PIER", "Pier"
USERNAME, SHOWN_AS = "selam", "Selam"

# What nobody may find again but on the pages that the test names.
NUMBER = "+44 7700 900946"
ASK_FOR = "Goldhaehnchen"
SAFE_PHRASE = "the kettle stands on the roof"
COVER_WORDS = "your parcel waits at counter nineteen"
NOTE = "Ask at the canary with one yellow wing"
OWN_PASSWORD = "seven quiet herons at noon"
ENROLLED = ("+447700900951", "+447700900952", "+447700900953", "+447700900954")
LISTED = ("+447700900961", "+447700900962")
SECRETS = (NUMBER, ASK_FOR, SAFE_PHRASE, COVER_WORDS, NOTE, OWN_PASSWORD, *ENROLLED, *LISTED)

MAPPING = """
source = "pier-list"
team = "PIER"
[case_id]
column = "id"
[[numbers]]
column = "phone"
whose = "own"
[language]
value = "en"
[stage]
value = "arrived"
[country]
value = "TN"
[consent]
column = "agreed"
granted = ["yes"]
refused = ["no"]
date_column = "on"
[consent.terms]
mode = "in_person"
wordings = { keep_number = 1, recontact = 1 }
"""


@dataclass
class FieldDay:
    """One run through everything. `browser` gives a reader for a role, whom nobody has signed in yet."""

    running: Running
    browser: Callable[[str], Reader]
    readers: dict[str, Reader] = field(default_factory=dict)
    first_password: str = ""
    dialled_later: str = ""
    canary: str = ""
    codes: list[str] = field(default_factory=list)

    def run(self) -> None:
        self.administrator_hires()
        self.coordinators_set_up()
        self.enumerator_starts()
        self.enumerator_enrols()
        self.running.tick()
        self.enumerator_interviews()
        self.enumerator_asks_a_partner()
        self.enumerator_enrols_others()
        self.running.tick()
        self.enumerator_works_through_them()
        self.focal_point_helps()
        self.coordinator_brings_a_list()
        self.coordinator_lifts_the_hold()
        self.officer_reads_and_erases()
        self.administrator_meets_nobody()
        self.a_colleague_looks_at_today()

    def faults(self) -> list[str]:
        return [f"{role}: {fault}" for role, reader in self.readers.items() for fault in reader.faults]

    def enter(self, role: str, username: str = "", password: str = PASSWORD) -> Reader:
        """Somebody at a browser, signed in, who has read the short tour of their first page."""
        reader = self.readers[role] = self.browser(role)
        reader.enter(username or role, password)
        reader.look("first-page")
        reader.press("Do not show this again")
        return reader

    # --- Before the first call ----------------------------------------------------------------------------------------

    def administrator_hires(self) -> None:
        reader = self.enter("administrator")
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
        self.first_password = page.inner_text(".first-password")
        page.goto("/staff/")
        assert SHOWN_AS in page.inner_text("main")
        pictures.keep(page, "administrator-staff", LAPTOP)

    def coordinators_set_up(self) -> None:
        reader, second = self.enter("coordinator"), self.enter("second")
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

    def enumerator_starts(self) -> None:
        """With the first password, once, and from then on with one that nobody else has seen."""
        reader = self.enter("enumerator", USERNAME, self.first_password)
        self.enumerator = Enumerator(reader, datetime.now(UTC), f"{TEAM_CODE} · {TEAM}")
        self.enumerator.change_password(self.first_password, OWN_PASSWORD)
        reader.look("password-changed")

    def enumerator_enrols(self) -> None:
        """Somebody whose number and words nobody may find again."""
        one, reader, page = self.enumerator, self.enumerator.reader, self.enumerator.page
        one.choose_words_to_read_out()
        assert "nothing is lost by it" in page.inner_text("main")
        page.fill("[name=ask_for]", ASK_FOR)
        page.fill("[name=number1-cover_words]", COVER_WORDS)
        page.fill("[name=number1-safe_phrase]", SAFE_PHRASE)
        one.fill_in_somebody(NUMBER)
        reader.look("enrol")
        self.canary = one.enrol()
        assert f"{self.canary} is enrolled" in page.inner_text(".toasts")
        reader.look_twice("enrolled")
        reader.press("Something to keep")
        reader.look("slip")
        pictures.keep(page, "enumerator-slip")
        assert self.canary in page.inner_text("main")

    # --- Calls --------------------------------------------------------------------------------------------------------

    def enumerator_interviews(self) -> None:
        one, reader, page = self.enumerator, self.enumerator.reader, self.enumerator.page
        page.goto("/calls/")
        reader.look("today")
        assert one.take_next_call() == self.canary
        reader.look("card")
        pictures.keep(page, "enumerator-card")
        assert one.dial() == NUMBER.replace(" ", "")
        reader.look("call")
        pictures.keep(page, "enumerator-call")
        assert all(words in page.inner_text("main") for words in (ASK_FOR, SAFE_PHRASE, COVER_WORDS))
        one.record_an_interview(stage="arrived")
        reader.look("recorded")
        assert "The next call is planned for" in page.inner_text("main")

    def enumerator_asks_a_partner(self) -> None:
        one, reader = self.enumerator, self.enumerator.reader
        reader.press("They asked for help from a partner")
        one.fill_in_request("Legal advice by phone", NOTE)
        reader.look("ask-partner")
        reader.press("Keep the request")
        reader.look("asked-partner")

    def enumerator_enrols_others(self) -> None:
        for number in ENROLLED:
            self.enumerator.choose_words_to_read_out()
            self.enumerator.fill_in_somebody(number)
            self.enumerator.enrol()

    def enumerator_works_through_them(self) -> None:
        """One asks to be called again soon, one call is unsafe, one wants to be left alone, one wants to be erased."""
        one, reader, page = self.enumerator, self.enumerator.reader, self.enumerator.page
        self.codes.append(one.take_next_call())
        self.dialled_later = one.dial()
        one.record_a_call_back(minutes="30")
        reader.look("call-back")
        page.goto("/calls/")
        assert self.codes[0] in page.inner_text("main")

        self.codes.append(one.take_next_call())
        reader.press("Unsafe")
        assert page.url.endswith("/calls/blank")
        assert len(page.inner_text("body").strip()) <= 1

        self.codes.append(one.take_next_call())
        one.hand_back()
        one.stop(self.codes[2])
        reader.look("stopped")

        self.codes.append(one.take_next_call())
        one.hand_back()
        one.withdraw(self.codes[3], "erase_all")
        reader.look("receipt")

        assert one.take_next_call() == ""
        reader.look("nothing")
        assert len({self.canary, *self.codes}) == 5

    # --- After the calls ----------------------------------------------------------------------------------------------

    def focal_point_helps(self) -> None:
        reader = self.enter("focal")
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

    def coordinator_brings_a_list(self) -> None:
        reader = self.readers["coordinator"]
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

    def coordinator_lifts_the_hold(self) -> None:
        reader = self.readers["coordinator"]
        page = reader.page
        page.goto("/reports/board")
        reader.look_twice("board")
        pictures.keep(page, "coordinator-board", LAPTOP)
        reader.choose("team", label=f"{TEAM_CODE} · {TEAM}")
        reader.press("Show")
        assert "1 safety flag was raised in the last 7 days." in page.text_content("main")
        page.goto(f"/people/?code={self.codes[1]}")
        reader.go(f"main a:has-text('{self.codes[1]}')")
        reader.look_twice("held")
        pictures.keep(page, "coordinator-person", LAPTOP)
        page.click("summary:has-text('Lift')")
        page.locator("details[open] [name=why]").first.check()
        reader.press("Lift")
        assert "The hold is lifted." in page.inner_text(".toasts")

    def officer_reads_and_erases(self) -> None:
        reader = self.enter("dpo")
        page = reader.page
        reader.look_twice("trail")
        pictures.keep(page, "dpo-trail", LAPTOP)
        page.goto("/reports/trail?action=followups.number_revealed")
        assert f"{SHOWN_AS} saw a number, for one dial." in page.inner_text("main")
        page.goto("/reports/trail")
        reader.go(f"main a:has-text('{self.codes[3]}')")
        reader.look("asked-to-be-erased")
        assert page.is_checked("[name=grade][value=erase_all]")
        reader.go("main form button.primary")
        reader.look_twice("erased")
        assert "1 number was erased." in page.inner_text("main")

    def administrator_meets_nobody(self) -> None:
        coordinator, reader = self.readers["coordinator"].page, self.readers["administrator"]
        coordinator.goto(f"/people/?code={self.canary}")
        person = coordinator.locator(f"main a:has-text('{self.canary}')").get_attribute("href")
        for address in (
            person, f"{person}number/", "/people/", "/people/enrol/", "/calls/", "/orientation/", "/reports/board",
            "/reports/trail",
        ):  # fmt: skip
            assert reader.page.goto(address).status in (403, 404), address
        reader.look("not-theirs")

    def a_colleague_looks_at_today(self) -> None:
        """The synthetic study's own enumerator, who has calls behind and before them; in the dark and in Arabic too."""
        reader = self.enter("colleague", "enumerator")
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
