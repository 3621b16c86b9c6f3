"""The main job of every role, in the order in which it happens in the field, through a running server."""

from collections.abc import Callable
from dataclasses import dataclass, field

from config.demo.content import PASSWORD
from tests.browser import after_the_calls, before_the_calls, the_calls
from tests.browser.enumerator import Enumerator
from tests.browser.reader import Reader
from tests.browser.running import Running


@dataclass
class FieldDay:
    """One run through everything. `browser` gives a reader for a role, whom nobody has signed in yet."""

    running: Running
    browser: Callable[[str], Reader]
    readers: dict[str, Reader] = field(default_factory=dict)
    enumerator: Enumerator | None = None
    first_password: str = ""
    dialled_later: str = ""
    canary: str = ""
    codes: list[str] = field(default_factory=list)

    def run(self) -> None:
        for step in STEPS:
            step(self)

    def faults(self) -> list[str]:
        return [f"{role}: {fault}" for role, reader in self.readers.items() for fault in reader.faults]

    def enter(self, role: str, username: str = "", password: str = PASSWORD, own: str = "") -> Reader:
        """Somebody at a browser, signed in, who has read the short tour of their first page.

        With `own` the password was a first one: this is the one they choose before anything opens.
        """
        reader = self.readers[role] = self.browser(role)
        reader.enter(username or role, password)
        if own:
            reader.choose_password(password, own)
        reader.look("first-page")
        reader.press("Do not show this again")
        return reader


def let_the_queue_move(day: FieldDay) -> None:
    day.running.tick()


STEPS = (
    before_the_calls.administrator_hires,
    before_the_calls.coordinators_set_up,
    before_the_calls.enumerator_starts,
    before_the_calls.enumerator_enrols,
    let_the_queue_move,
    the_calls.enumerator_interviews,
    the_calls.enumerator_asks_a_partner,
    the_calls.enumerator_enrols_others,
    let_the_queue_move,
    the_calls.enumerator_works_through_them,
    after_the_calls.focal_point_helps,
    after_the_calls.coordinator_brings_a_list,
    after_the_calls.coordinator_lifts_the_hold,
    after_the_calls.officer_reads_and_erases,
    after_the_calls.administrator_meets_nobody,
    after_the_calls.a_colleague_looks_at_today,
)
