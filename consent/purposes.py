"""What consent is for: each purpose, what it needs, how long it stands, and what withdrawing it stops."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """One thing a person may agree to, apart from all others."""

    INTERVIEW = "interview", _("this interview")
    KEEP_NUMBER = "keep_number", _("keeping the number")
    RECONTACT = "recontact", _("being called again")
    MESSAGE = "message", _("messages")
    VOICEMAIL = "voicemail", _("voicemail")
    TRUSTED_CONTACTS = "trusted_contacts", _("asking a trusted person")
    RECORDING = "recording", _("recording or listening in")
    SHARE_PSEUDONYMOUS = "share_pseudonymous", _("sharing answers without identity")
    ORIENTATION = "orientation", _("a link with a partner")
    RECONTACT_AFTER_STUDY = "recontact_after_study", _("contact after the study")


class Stops(StrEnum):
    """What a withdrawal brings to an end, at once."""

    CALLS = "calls"
    NUMBERS = "numbers"
    MESSAGES = "messages"
    TRUSTED_CONTACTS = "trusted_contacts"
    ORIENTATION_REQUEST = "orientation_request"
    SHARING = "sharing"
    INTERVIEW = "interview"


@dataclass(frozen=True, slots=True)
class PurposeRule:
    """`needs` must stand beside it; `valid_days` from the moment it was given; `stops` on withdrawal."""

    purpose: Purpose
    needs: tuple[Purpose, ...]
    valid_days: int
    stops: tuple[Stops, ...]


_YEAR = 365

RULES: dict[Purpose, PurposeRule] = {
    rule.purpose: rule
    for rule in (
        # Asked again in every call: it never outlives the day.
        PurposeRule(Purpose.INTERVIEW, (), 1, (Stops.INTERVIEW,)),
        PurposeRule(Purpose.KEEP_NUMBER, (), _YEAR, (Stops.CALLS, Stops.NUMBERS, Stops.MESSAGES)),
        PurposeRule(Purpose.RECONTACT, (Purpose.KEEP_NUMBER,), _YEAR, (Stops.CALLS,)),
        PurposeRule(Purpose.MESSAGE, (Purpose.KEEP_NUMBER,), _YEAR, (Stops.MESSAGES,)),
        PurposeRule(Purpose.VOICEMAIL, (Purpose.KEEP_NUMBER,), _YEAR, (Stops.MESSAGES,)),
        PurposeRule(Purpose.TRUSTED_CONTACTS, (Purpose.KEEP_NUMBER,), _YEAR, (Stops.TRUSTED_CONTACTS,)),
        PurposeRule(Purpose.RECORDING, (), 1, (Stops.INTERVIEW,)),
        PurposeRule(Purpose.SHARE_PSEUDONYMOUS, (), _YEAR, (Stops.SHARING,)),
        # One entry per request: it names the partner and each item, and never stands longer than the request.
        PurposeRule(Purpose.ORIENTATION, (), 90, (Stops.ORIENTATION_REQUEST,)),
        PurposeRule(Purpose.RECONTACT_AFTER_STUDY, (Purpose.KEEP_NUMBER,), _YEAR, (Stops.CALLS,)),
    )
}
"""The one table of consent. `docs/GLOSSARY.md` prints it and a test keeps the two alike."""

FOR_A_CALL = (Purpose.RECONTACT, Purpose.KEEP_NUMBER)
"""What must stand before a number is dialled."""

FOR_A_TRUSTED_PERSON = (*FOR_A_CALL, Purpose.TRUSTED_CONTACTS)
"""What must stand before somebody they trust is called."""


def valid_days_in(purpose: Purpose, study_days: int) -> int | None:
    """For how long a yes given in a study holds: a standing one as the study says; None is the purpose's own term.

    One for the interview alone does not outlive its day, whatever the study says.
    """
    return study_days if RULES[purpose].valid_days > 1 else None
