"""A person at a browser, who reports what they dislike on every page they look at."""

import os
import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from accounts.models import User
from tests import factories

PHONE = {"width": 360, "height": 740}
LAPTOP = {"width": 1280, "height": 800}
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(event.violatedDirective + " " + event.blockedURI + " " + event.sourceFile));
"""


class Reader:
    """A person at a browser: signs in, looks, and complains of scripts or styles the policy had to stop."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.faults: list[str] = []
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("response", lambda answer: self._note(answer))

    def _note(self, answer: Any) -> None:
        if answer.status >= 500:
            self.faults.append(f"{answer.status} {answer.url}")

    def sign_in(self, person: User) -> None:
        self.enter(person.username, factories.PASSWORD)

    def enter(self, username: str, password: str) -> None:
        """Sign in with what a person would type."""
        self.page.goto("/sign-in/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", password)
        self.go("main button.primary")

    def choose_password(self, old: str, new: str) -> None:
        """On the page that a first password leads to; then on to one's first page."""
        for name, typed in (("old", old), ("new", new), ("again", new)):
            self.page.fill(f"[name={name}]", typed)
        self.press("Change password")
        self.look("password-changed")
        self.press("Go to your first page")

    def press(self, words: str) -> None:
        """Press the link or button that says just this, and wait for the page it leads to."""
        said = re.compile(rf"^\s*{re.escape(words)}\s*$")
        with self.page.expect_navigation():
            self.page.locator("main :is(a, button):visible", has_text=said).first.click()

    def go(self, where: str) -> None:
        """Press what leads to another page, and wait until that page is there as a whole."""
        with self.page.expect_navigation():
            self.page.locator(where).first.click()

    def choose(self, field: str, **which: str) -> None:
        """Choose from a list, which may be folded away: by its `value`, or by the `label` that people read."""
        place = self.page.locator(f"[name={field}]")
        if not place.is_visible():
            self.page.locator(f"details:has([name={field}]) > summary").last.click()
        place.select_option(**which)

    def look(self, name: str) -> None:
        """Check the page as it stands: policy, width, accessibility; keep a picture where SHOTS names a folder."""
        self._look_at_size(name)
        found = Axe().run(self.page).response["violations"]
        self.faults += [f"{name}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found]

    def look_twice(self, name: str) -> None:
        """The same on the phone and on a laptop."""
        self.look(name)
        self.page.set_viewport_size(LAPTOP)
        self.look(f"{name}-laptop")
        self.page.set_viewport_size(PHONE)

    def _look_otherwise(self, name: str, size: dict[str, int]) -> None:
        self.page.set_viewport_size(size)
        self._look_at_size(f"{name}-laptop")
        self.page.set_viewport_size(PHONE)

    def _look_at_size(self, name: str) -> None:
        page = self.page
        page.wait_for_load_state()
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
        self.faults += [f"{name}: policy {one}" for one in page.evaluate("window.violations")]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self.faults.append(f"{name}: wider than the screen")

    def walk(
        self, role: str, addresses: dict[str, str], *, also: dict[str, int] | None = None, way: str = ""
    ) -> None:
        """Open one page after the other and look at each on the phone, and `also` at a second size."""
        for name, address in addresses.items():
            answer = self.page.goto(address)
            if answer.status >= 400:
                self.faults.append(f"{role}-{name}: {answer.status}")
            # Pieces that load by themselves stand in place of the link that leads to them.
            self.page.locator("[hx-trigger=load] > a").first.wait_for(state="detached")
            self.look(f"{role}-{name}{way}")
            if also:
                self._look_otherwise(f"{role}-{name}{way}", also)

    def walk_otherwise(self, role: str, addresses: dict[str, str], *, most: int = 2) -> None:
        """The first pages again in the dark, and again from right to left; all of them for pictures."""
        some = addresses if os.environ.get("SHOTS") else dict(list(addresses.items())[:most])
        self.page.emulate_media(color_scheme="dark")
        self.walk(role, some, way="-dark")
        self.page.emulate_media(color_scheme="light")
        self.read_in("ar")
        self.walk(role, some, way="-rtl")
        if self.page.get_attribute("html", "dir") != "rtl":
            self.faults.append(f"{role}: not from right to left")
        self.read_in("en")

    def read_in(self, language: str) -> None:
        """Have the next page in another language."""
        here = self.page.evaluate("location.origin")
        self.page.context.add_cookies([{"name": "django_language", "value": language, "url": here}])
