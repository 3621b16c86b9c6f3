"""A small panel in which somebody can be called at this very hour, and a browser that reports what it dislikes."""

import os
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from accounts.permissions import Role
from followups.ticking.tick import tick
from kernel import clock
from tests import factories
from tracker.keeping import SafeContact
from tracker.models import Study
from tracker.stages import Stage

WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(event.violatedDirective + " " + event.blockedURI + " " + event.sourceFile));
"""
AFTERNOON = SafeContact(
    safe_from=time(12), safe_until=time(16, 30), safe_phrase="the blue door", cover_words="Wrong number"
)


@dataclass(frozen=True)
class Panel:
    """Who is there: one member of staff per role, and a study with people due for a call."""

    study: Study
    administrator: User
    coordinator: User
    enumerator: User
    dpo: User


def zone_of_afternoon(now: datetime) -> str:
    """A zone on whose clock it is about two in the afternoon now."""
    ahead = 14 - now.hour
    ahead = ahead - 24 if ahead > 12 else ahead
    # The names of these zones carry the sign of the ocean charts: Etc/GMT-3 is three hours ahead.
    return "Etc/GMT" if ahead == 0 else f"Etc/GMT{-ahead:+d}"


@pytest.fixture
def panel(transactional_db: None) -> Panel:
    now = clock.now()
    before = now - timedelta(days=28)
    team = factories.make_team(now=before)
    coordinator = factories.make_user(Role.COORDINATOR, team=team, now=before)
    study = factories.make_study(team=team, by=coordinator, now=before)
    enumerator = factories.make_user(Role.ENUMERATOR, team=team, now=before)
    factories.approve_wordings(now=before)
    zone = zone_of_afternoon(now)
    for _each in range(8):
        factories.make_respondent(
            study=study, team=team, by=enumerator, stage=Stage.ARRIVED, zone=zone, safe=AFTERNOON, now=before,
        )  # fmt: skip
    tick(now)
    return Panel(
        study,
        factories.the_administrator(),
        coordinator,
        enumerator,
        factories.make_user(Role.DPO, team=team, now=before),
    )


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
        self.page.goto("/sign-in/")
        self.page.fill("[name=username]", person.username)
        self.page.fill("[name=password]", factories.PASSWORD)
        self.page.click("main button.primary")

    def look(self, name: str) -> None:
        """Check the page as it stands: policy, width, accessibility; keep a picture where SHOTS names a folder."""
        from axe_playwright_python.sync_playwright import Axe

        page = self.page
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
        self.faults += [f"{name}: policy {one}" for one in page.evaluate("window.violations")]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self.faults.append(f"{name}: wider than the screen")
        found = Axe().run(page).response["violations"]
        self.faults += [f"{name}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found]


@pytest.fixture
def reader(browser_page: Any) -> Reader:
    browser_page.set_viewport_size({"width": 360, "height": 740})
    return Reader(browser_page)
