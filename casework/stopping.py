"""Recording a stop: anyone may ask to be left alone, by code or by number, and always gets the same answer."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from casework.evening import even_time
from consent.models import Mode
from followups.stopping import stop_contact
from kernel.errors import DomainError
from tracker import numbers, reaching, spoken_codes
from tracker.keeping import safely_kept
from tracker.models import Respondent
from vault import lines
from vault.errors import Locked

EVEN_SECONDS = 0.6
"""Longer than stopping somebody takes, so that a known code answers no later than an unknown one."""

CODE_LENGTH = spoken_codes.CODE_LENGTH


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody gave: a spoken code or a number, one of the two."""

    code: str = ""
    e164: str = ""

    def __repr__(self) -> str:
        return "<Heard code>" if self.code else "<Heard number>"


def read(said: str, region: str = "") -> Heard:
    """What was typed, as a code or a number; a national number needs its country in `region`.

    Raises `stop_empty`, `code_check_failed`, `code_malformed` or `impossible_number`: all of them before anything is
    looked up, so they tell nothing of anybody.
    """
    text = said.strip()
    if not text:
        raise DomainError(
            "stop_empty", _("Type the code or the phone number of the person who wants to be left alone.")
        )
    if _is_number(text, region):
        return Heard(e164=numbers.parse(text, region).e164)
    return Heard(code=spoken_codes.parse(text))


def record_a_stop(
    *,
    said: str,
    keep_refusal: bool,
    by: User,
    now: datetime,
    region: str = "",
    even_seconds: float = EVEN_SECONDS,
) -> str:
    """Stop contact with the person of a code, or never dial a number again for anyone who shares it.

    With `keep_refusal` a keyed code of the number is kept, only so that it is refused if somebody brings it again. The
    answer is the same whether the code or number is known or not, and so is the time it takes. A stop by number raises
    `stop_needs_vault` while the vault is locked, whatever the number; a stop by code works then too.
    """
    heard = read(said, region)
    with even_time(even_seconds):
        if heard.code:
            _stop_code(heard.code, by, now)
        else:
            _stop_number(heard.e164, keep_refusal, by, now)
    return _("Recorded. From now on nobody calls this person or number for any study.")


def _is_number(text: str, region: str) -> bool:
    """Letters make a code, and so do eight digits for which no country was named."""
    if any(sign.isalpha() for sign in text):
        return False
    digits = sum(sign.isdecimal() for sign in text)
    return bool(region) or digits != CODE_LENGTH or text.startswith(("+", "00", "(00"))


def _stop_code(code: str, by: User, now: datetime) -> None:
    with transaction.atomic():
        for respondent in Respondent.objects.filter(code=code):
            stop_contact(respondent=respondent, mode=Mode.PHONE, by=by, now=now)
        _leave_trace("code", by, now)


def _stop_number(e164: str, keep_refusal: bool, by: User, now: datetime) -> None:
    try:
        # Under the lock of the number: one that is being enrolled at this moment is found, or finds the refusal.
        with safely_kept([e164]):
            if keep_refusal:
                lines.keep_refusal(e164)
            reaching.bar_line(e164=e164)
            _leave_trace("number", by, now, refusal_kept=keep_refusal)
    except Locked:
        raise DomainError(
            "stop_needs_vault",
            _(
                "The vault is locked, so a stop by phone number cannot be recorded now. No number is dialled meanwhile."
            ),
            kept=_("Nothing was recorded."),
            next_step=_("Ask for the code and record the stop by code, or come back when the vault is open."),
            status=503,
        ) from None


def _leave_trace(kind: str, by: User, now: datetime, **detail: bool) -> None:
    """Says that a stop came in and never whether anybody was found."""
    trail.record(Action.STOP_RECORDED, by=by, at=now, object_type=kind, detail={"by": kind, **detail})
