"""The short tour: what a role's first page shows, what to do first, and the one rule that keeps people safe."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Role


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence, and the page it speaks of; "" where there is none to open."""

    sentence: Any
    url_name: str = ""
    query: tuple[tuple[str, str], ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.url_name, query=self.query or None) if self.url_name else ""


TOUR: Mapping[Role, tuple[Step, ...]] = {
    Role.ENUMERATOR: (
        Step(
            _("“Today” shows how many people you can call now, and what the others wait for."),
            "followups:today",
        ),
        Step(
            _("“Next call” gives you one person. Nobody else can call them while they are yours."),
            "followups:today",
        ),
        Step(
            _(
                "If a call does not feel safe, press “Unsafe”: your screen is empty at once, like this one, and"
                " calls to this person stop."
            ),
            "followups:blank",
        ),
        Step(
            _(
                "Somebody wants to be left alone? “Record a stop” takes a code or a number, and it holds at once."
            ),
            "casework:stop",
        ),
    ),
    Role.COORDINATOR: (
        Step(_("“Board” begins with what waits for your decision. Start there."), "reports:board"),
        Step(
            _("Every figure says how it was counted. “Due now” opens the list behind it."),
            "reports:owed",
        ),
        Step(
            _(
                "You see codes; a number without a call only for an exception. Each page you open is in the trail."
            ),
            "casework:respondents",
        ),
    ),
    Role.FOCAL_POINT: (
        Step(
            _("“Requests” shows who asked for your organisation, the most urgent first."),
            "orientation:inbox",
        ),
        Step(
            _("Open the first one and press “I have received it”, so that nobody waits without knowing."),
            "orientation:inbox",
        ),
        Step(
            _(
                "Each request says what you may not ask, such as the way they came or what they answered in the"
                " study."
            ),
            "orientation:inbox",
        ),
    ),
    Role.DPO: (
        Step(
            _("“Trail” begins with what waits for you. Below it is everything that was done, newest first."),
            "reports:trail",
        ),
        Step(
            _("Erasures come first: open the person, then “Withdraw and erase”."),
            "casework:respondents",
            (("status", "erasure_asked"),),
        ),
        Step(
            _("Every look leaves a trace that nobody can take away. Yours does too."),
            "reports:trail",
        ),
    ),
    Role.ADMINISTRATOR: (
        Step(_("“Staff” begins with what people still lack before they can work."), "accounts:staff"),
        Step(
            _("“Add a person” makes an account. Its first password is shown once: hand it over in person."),
            "accounts:person_new",
        ),
        Step(_("Each study says whether it is ready to begin, and what it lacks."), "tracker:studies"),
        Step(
            _("You have no right to see a number or a person’s page. If a page refuses you, all is well."),
        ),
    ),
}


def steps_for(role: Role) -> tuple[Step, ...]:
    """The tour of a role, in the order in which it is read."""
    return TOUR[role]
