"""What an enumerator does at a browser, one verb each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel import countries, zones
from tests.browser.reader import Reader


def place_of_afternoon(now: datetime) -> tuple[str, str]:
    """A country and a zone in it on whose clock it is about three in the afternoon: people there can be called."""
    away = {
        (code, name): abs(local.hour * 60 + local.minute - 15 * 60)
        for code in sorted(countries.CODES)
        for name in countries.zones_of(code)
        if not name.startswith("Antarctica/")
        for local in [zones.local(now, name)]
    }
    return min(away, key=lambda place: away[place])


@dataclass
class Enumerator:
    """Somebody at work in a place where it is afternoon, with the team whose label is `team`."""

    reader: Reader
    began: datetime
    team: str

    @property
    def page(self) -> Any:
        return self.reader.page

    @property
    def place(self) -> tuple[str, str]:
        return place_of_afternoon(self.began)

    def choose_words_to_read_out(self) -> None:
        self.page.goto("/people/enrol/")
        self.page.select_option("[name=study]", index=1)
        self.page.select_option("[name=team]", label=self.team)
        self.page.select_option("select[name=language]", "en")
        self.reader.press("Go on")

    def fill_in_somebody(self, number: str) -> None:
        """Where they are is not known, so a call is due at once; safe is this afternoon only, so it is not put off."""
        page, (country, zone) = self.page, self.place
        for purpose in ("interview", "keep_number", "recontact"):
            page.check(f"[name=answer_{purpose}][value=granted]")
        page.select_option("[name=stage]", "unknown")
        page.select_option("[name=country]", country)
        page.fill("[name=zone]", zone)
        page.fill("[name=number1-raw]", number)
        page.fill("[name=number1-safe_from]", "14:00")
        page.fill("[name=number1-safe_until]", "17:00")
        for day in set(range(7)) - {zones.local(self.began, zone).weekday()}:
            page.uncheck(f"[name=number1-safe_days][value='{day}']")

    def enrol(self) -> str:
        """Their code."""
        self.reader.press("Enrol")
        return str(self.page.inner_text("h1").strip())

    def open(self, code: str) -> None:
        self.page.goto(f"/people/?code={code}")
        self.reader.go(f"main a:has-text('{code}')")

    # --- Calls --------------------------------------------------------------------------------------------------------

    def take_next_call(self) -> str:
        """The code on the card; "" where nobody can be called."""
        self.page.goto("/calls/")
        self.reader.press("Next call")
        return "" if self.page.url.endswith("/nothing") else str(self.page.inner_text("h1").strip())

    def dial(self) -> str:
        """The number, as it is shown for a minute."""
        self.reader.press("Call")
        return "+" + "".join(filter(str.isdigit, self.page.inner_text(".number")))

    def record_an_interview(self, stage: str) -> None:
        self.page.check("[name=interview][value=yes]")
        self.page.check("[name=disposition][value=completed]")
        self.reader.choose("stage", value=stage)
        self.reader.press("Record")

    def record_a_call_back(self, minutes: str) -> None:
        self.page.check("[name=disposition][value=callback_firm]")
        self.reader.choose("call_back_in", value=minutes)
        self.reader.press("Record")

    def hand_back(self) -> None:
        self.page.click("summary:has-text('Give this call back')")
        self.reader.press("I cannot now")

    # --- What people ask for ------------------------------------------------------------------------------------------

    def fill_in_request(self, service: str, note: str) -> None:
        """They ask that a partner contacts them, and agree to share all that can be shared."""
        page = self.page
        offered = page.locator("[name=service] option", has_text=service).first
        page.select_option("[name=service]", offered.get_attribute("value"))
        page.check("[name=form][value=contact_request]")
        page.select_option("[name=need]", "legal")
        for item in ("need", "language", "country", "note", "contact"):
            page.check(f"[name=items][value={item}]")
        page.select_option("[name=contact_point]", index=1)
        page.fill("[name=note]", note)
        page.check("[name=has_agreed]")

    def stop(self, code: str) -> None:
        self.page.goto("/people/stop/")
        self.page.fill("[name=said]", code)
        self.reader.press("Record the stop")

    def withdraw(self, code: str, grade: str) -> None:
        self.open(code)
        self.reader.press("They want to withdraw")
        self.page.check(f"[name=grade][value={grade}]")
        self.reader.go("main form button.primary")
