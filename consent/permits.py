"""The only place that gives leave to open something of a respondent's: the ledger is asked, the trail is told, then."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from consent import asking
from consent.folding import Decision, Standing, fold
from consent.models import LedgerEntry
from consent.purposes import FOR_A_CALL, FOR_A_TRUSTED_PERSON, Purpose
from kernel.errors import DomainError
from vault.permits import Permit
from vault.sealed import Sealed


class Opening(StrEnum):
    """What something is opened for."""

    DIAL = "dial"
    DIAL_TRUSTED = "dial_trusted"
    ASK_FOR = "ask_for"
    SAFE_PHRASE = "safe_phrase"
    COVER_WORDS = "cover_words"
    ORIENTATION_NOTE = "orientation_note"
    ORIENTATION_CONTACT = "orientation_contact"
    WITHOUT_CALL = "without_call"
    TRUSTED_WITHOUT_CALL = "trusted_without_call"


@dataclass(frozen=True, slots=True)
class Leave:
    """The sealed label an opening is for, the standing purposes it takes, and the item agreed for one request."""

    label: str
    purposes: tuple[Purpose, ...] = ()
    item: str = ""


LEAVES: dict[Opening, Leave] = {
    Opening.DIAL: Leave("phone.e164", FOR_A_CALL),
    # The number of somebody they trust takes their yes to asking that person too.
    Opening.DIAL_TRUSTED: Leave("phone.e164", FOR_A_TRUSTED_PERSON),
    Opening.ASK_FOR: Leave("respondent.ask_for", FOR_A_CALL),
    Opening.SAFE_PHRASE: Leave("contact.safe_phrase", FOR_A_CALL),
    Opening.COVER_WORDS: Leave("contact.cover_words", FOR_A_CALL),
    Opening.ORIENTATION_NOTE: Leave("orientation.note", item="note"),
    Opening.ORIENTATION_CONTACT: Leave("phone.e164", (Purpose.KEEP_NUMBER,), item="contact"),
    Opening.WITHOUT_CALL: Leave("phone.e164", FOR_A_CALL),
    Opening.TRUSTED_WITHOUT_CALL: Leave("phone.e164", FOR_A_TRUSTED_PERSON),
}


def issue(
    *,
    sealed: Sealed,
    opening: Opening,
    respondent_id: UUID,
    audit_ref: UUID | None,
    by: User | None,
    now: datetime,
    concerning: UUID | None = None,
) -> Permit:
    """A permit for one handle, good for a minute; its look is in the trail before it is given.

    `by` None is the system; `concerning` names the orientation request. Raises `no_consent` when the ledger does not
    allow it at `now`; ValueError for a handle of another person or kind, which is a programming fault. Whether the
    respondent may be approached at all is for the caller to know. Call it outside the transaction of the work around
    it, or a roll-back takes the trace of the look away.
    """
    leave = LEAVES[opening]
    row = _row_of(sealed, leave, respondent_id)
    stands = _stands(leave, respondent_id, concerning, now)
    event = trail.record(
        Action.IDENTITY_OPENED,
        by=by,
        at=now,
        audit_ref=audit_ref,
        object_type=leave.label,
        object_id=row,
        outcome="done" if stands else "refused",
        detail={"opening": opening.value, "label": leave.label},
    )
    if not stands:
        raise _no_consent()
    return Permit(
        subject=respondent_id,
        row=row,
        label=leave.label,
        purpose=opening.value,
        actor=by.pk if by else None,
        issued_at=now,
        audit_event_id=event.pk,
    )


def agreed_items(respondent_id: UUID, *, concerning: UUID, now: datetime) -> frozenset[str] | None:
    """What the respondent lets one orientation request share at `now`; None once consent ended or was withdrawn."""
    return agreed_items_of({concerning: respondent_id}, now=now)[concerning]


def agreed_items_of(requests: Mapping[UUID, UUID], *, now: datetime) -> dict[UUID, frozenset[str] | None]:
    """The same for many requests (request id → respondent id), in one query."""
    about: dict[tuple[UUID, UUID | None], list[LedgerEntry]] = defaultdict(list)
    # A no to every orientation, said without naming a request, ends each one that was granted before it.
    lines = LedgerEntry.objects.of(list(requests.values())).filter(
        Q(concerning__in=requests) | Q(concerning=None) & ~Q(decision=Decision.GRANTED.value),
        purpose=Purpose.ORIENTATION,
    )
    for line in lines:
        about[line.respondent_id, line.concerning].append(line)
    return {
        request: _items(about[respondent, request] + about[respondent, None], now)
        for request, respondent in requests.items()
    }


def _items(lines: list[LedgerEntry], now: datetime) -> frozenset[str] | None:
    in_order = sorted(lines, key=lambda line: line.pk)
    if fold((line.as_entry() for line in in_order), now).standing is not Standing.GRANTED:
        return None
    # A later yes may narrow what is shared and never widen it: more items are a new request.
    granted = [set(line.items) for line in in_order if line.decision == Decision.GRANTED.value]
    return frozenset(set.intersection(*granted))


def _stands(leave: Leave, respondent_id: UUID, concerning: UUID | None, now: datetime) -> bool:
    standing = asking.consents(respondent_id, now=now)
    if not all(standing.permits(purpose) for purpose in leave.purposes):
        return False
    if not leave.item:
        return True
    agreed = agreed_items(respondent_id, concerning=concerning, now=now) if concerning else None
    return agreed is not None and leave.item in agreed


def _row_of(sealed: Sealed, leave: Leave, respondent_id: UUID) -> UUID:
    if sealed.label != leave.label or sealed.subject != respondent_id or sealed.row is None:
        raise ValueError(f"This handle is not what {leave.label} of this respondent is.")
    return sealed.row


def _no_consent() -> DomainError:
    return DomainError(
        "no_consent",
        _("The respondent has not agreed to this, or has taken it back."),
        kept=_("Nothing was opened."),
        next_step=_("Leave them alone unless they come to you."),
        status=403,
    )
