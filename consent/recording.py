"""Writing to the ledger: grant, refuse, withdraw."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from consent.folding import Decision
from consent.models import LedgerEntry, Mode, Wording
from consent.purposes import RULES, Purpose
from kernel.errors import DomainError
from kernel.statements import insert

ACTIONS = {
    Decision.GRANTED: Action.CONSENT_GRANTED,
    Decision.REFUSED: Action.CONSENT_REFUSED,
    Decision.WITHDRAWN: Action.CONSENT_WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a respondent said about one purpose: how, in which language, in answer to which words, and when."""

    purpose: Purpose
    decision: Decision
    mode: Mode
    language: str
    at: datetime
    wording: Wording | None = None
    concerning: UUID | None = None
    items: tuple[str, ...] = ()
    valid_days: int | None = None


def record(
    *, respondent_id: UUID, audit_ref: UUID | None, said: Said, by: User | None, now: datetime
) -> LedgerEntry:
    """Append what was said. `now` is when the server learned of it.

    Raises `wording_not_approved` or `wording_of_other_purpose` for a grant without the exact approved text.
    """
    return record_all(respondent_id=respondent_id, audit_ref=audit_ref, said=(said,), by=by, now=now)[0]


def record_all(
    *, respondent_id: UUID, audit_ref: UUID | None, said: tuple[Said, ...], by: User | None, now: datetime
) -> list[LedgerEntry]:
    """Append several decisions of one respondent together; one trail event for each, since each stands alone."""
    lines = [line_for(respondent_id, one, by, now) for one in said]
    if not lines:
        return []
    events = [(ACTIONS[one.decision], _particulars(one, line)) for one, line in zip(said, lines, strict=True)]
    with transaction.atomic():
        insert(lines)
        trail.record_each(events, by=by, at=now, audit_ref=audit_ref, object_type="respondent")
    return lines


def line_for(respondent_id: UUID, said: Said, by: User | None, now: datetime) -> LedgerEntry:
    """The checked, unsaved line for what was said; for bulk writers, who save many and leave one event."""
    if said.decision is Decision.GRANTED:
        _check_wording(said)
    return LedgerEntry(
        respondent_id=respondent_id,
        purpose=said.purpose,
        decision=said.decision.value,
        mode=said.mode,
        language=said.language,
        wording=said.wording,
        concerning=said.concerning,
        items=list(said.items),
        by=by.pk if by else None,
        at=min(said.at, now),
        arrived_at=now,
        expires_at=_expiry(said, now) if said.decision is Decision.GRANTED else None,
    )


def _particulars(said: Said, line: LedgerEntry) -> dict[str, str]:
    kept = {
        "purpose": said.purpose.value,
        "mode": said.mode.value,
        "language": said.language,
        "said": line.at.isoformat(),
    }
    if line.expires_at is not None:
        kept["until"] = line.expires_at.isoformat()
    if said.concerning is not None:
        kept["request"] = str(said.concerning)
    return kept


def _expiry(said: Said, now: datetime) -> datetime:
    days = said.valid_days or RULES[said.purpose].valid_days
    return min(said.at, now) + timedelta(days=days)


def _check_wording(said: Said) -> None:
    wording = said.wording
    if wording is None or wording.approved_at is None:
        raise DomainError(
            "wording_not_approved",
            _(
                "There is no approved wording for “%(purpose)s” in this language, so a yes to it cannot be recorded."
            )
            % {"purpose": said.purpose.label},
            kept=_("Nothing was recorded."),
            next_step=_("Ask your coordinator to have the wording approved, or use a language that has one."),
        )
    if wording.purpose != said.purpose or wording.language != said.language:
        raise DomainError(
            "wording_of_other_purpose",
            _("The text that was read belongs to another purpose or language."),
            kept=_("Nothing was recorded."),
            next_step=_("Read the text shown for this purpose and record the answer to it."),
        )
