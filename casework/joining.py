"""What somebody who joins says, whether they will be called, and what of their yes and no is written down."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID, uuid4

from accounts.models import Gender, Team
from consent.folding import Decision
from consent.models import Mode
from consent.purposes import FOR_A_CALL, RULES, Purpose
from tracker.keeping import SafeContact
from tracker.models import Study
from tracker.models.contact_points import Whose
from tracker.profile import AgeBand
from tracker.registering import Profile
from tracker.stages import Stage


@dataclass(frozen=True, slots=True)
class NumberGiven:
    """A number as it was typed; `region` says which country's national form it is in, "" for one written with +."""

    raw: str
    region: str = ""
    whose: Whose = Whose.OWN
    safe: SafeContact = SafeContact()

    def __repr__(self) -> str:
        return f"<NumberGiven {self.whose}>"


@dataclass(frozen=True, slots=True)
class Joining:
    """What an enrolment says of a person. `answers` has their yes or no to each purpose they were asked about."""

    study: Study
    team: Team
    language: str
    stage: Stage
    answers: dict[Purpose, Decision]
    mode: Mode = Mode.IN_PERSON
    country: str = ""
    zone: str = ""
    numbers: tuple[NumberGiven, ...] = ()
    profile: Profile = Profile()
    caller_gender: Gender = Gender.NOT_SAID
    ask_for: str = ""
    id: UUID = field(default_factory=uuid4)
    """The new person's, drawn before anything is written: a form sent twice enrols once."""


class Followed(StrEnum):
    """Whether somebody is called again, or why not."""

    YES = "yes"
    NOT_AGREED = "not_agreed"
    UNDER_18 = "under_18"


FOR_A_MINOR = frozenset({Purpose.INTERVIEW, Purpose.SHARE_PSEUDONYMOUS})
"""What stands of a minor's answers: the interview that took place. Calling them needs rules that are not here yet."""


def whether_followed(granted: Iterable[Purpose], age_band: AgeBand) -> Followed:
    """Called again only with a yes to being called and to keeping the number, and not under 18."""
    if age_band == AgeBand.UNDER_18:
        return Followed.UNDER_18
    return Followed.YES if set(FOR_A_CALL) <= set(granted) else Followed.NOT_AGREED


def to_write_down(answers: dict[Purpose, Decision], followed: Followed) -> dict[Purpose, Decision]:
    """The answers the ledger takes: all, or what may stand of a minor's."""
    if followed is not Followed.UNDER_18:
        return answers
    return {purpose: decision for purpose, decision in answers.items() if purpose in FOR_A_MINOR}


def lacking(answers: dict[Purpose, Decision]) -> Purpose | None:
    """A purpose granted without one that it needs, or None when the answers fit together."""
    granted = {purpose for purpose, decision in answers.items() if decision is Decision.GRANTED}
    return next((one for one in granted if not set(RULES[one].needs) <= granted), None)
