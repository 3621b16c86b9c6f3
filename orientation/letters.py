"""What a partner is shown of a request: worked out at every look from what the person agrees to at that moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User, Weekday
from accounts.permissions import Permission
from audit import trail
from audit.actions import Action
from consent import asking
from consent.permits import agreed_items_of
from consent.purposes import Purpose
from kernel import countries, languages
from kernel.errors import NotFound
from orientation.models import OrientationRequest
from orientation.requesting import is_usable
from orientation.vocabulary import Form, Item, Need, PreferredTime, State, Urgency
from tracker.models import ContactPoint
from tracker.models.contact_points import Whose

LONGEST_INBOX = 100


@dataclass(frozen=True, slots=True)
class SafeContact:
    """When the one shared number is safe, on the person's own clock, and whose phone it is; no days means every day."""

    whose: Any
    days: tuple[Any, ...]
    safe_from: time | None
    safe_until: time | None
    unsafe_from: time | None
    unsafe_until: time | None


@dataclass(frozen=True, slots=True)
class Letter:
    """One request as its partner may read it; empty where an item is not agreed to. No pseudonym of any kind."""

    request_id: UUID
    reference: str
    form: Form
    state: State
    urgency: Urgency
    partner: str
    service: str
    requested_at: datetime
    deadline: datetime
    expires_at: datetime
    is_overdue: bool
    items: frozenset[str]
    need: Any = ""
    language: str = ""
    country: str = ""
    preferred_time: Any = ""
    has_note: bool = False
    contact: SafeContact | None = None

    @property
    def waits_for_receipt(self) -> bool:
        return self.state is State.REQUESTED

    @property
    def waits_for_action(self) -> bool:
        return self.state is State.ACKNOWLEDGED

    @property
    def can_be_closed(self) -> bool:
        return self.state in (State.ACKNOWLEDGED, State.ACTED)

    @property
    def can_be_declined(self) -> bool:
        return self.state in (State.REQUESTED, State.ACKNOWLEDGED)


def find(*, request_id: UUID, by: User, now: datetime) -> OrientationRequest:
    """The request, if this focal point may look at it now; else NotFound, without a hint that it exists."""
    rows = OrientationRequest.objects.visible_to(by).shown_at(now).with_letter_facts().filter(pk=request_id)
    found = rows.first() if by.may(Permission.HANDLE_ORIENTATION) else None
    if found is None or not _letters([found], now):
        raise NotFound(
            "no_such_request",
            _("There is no such request for you. It may have been taken back, or be over."),
            next_step=_("Go back to your requests."),
        )
    return found  # type: ignore[no-any-return]


@transaction.atomic
def read(*, request_id: UUID, by: User, now: datetime) -> Letter:
    """One request as a letter; the look is in the trail. Raises NotFound as `find` does."""
    row = find(request_id=request_id, by=by, now=now)
    letter = _letters([row], now)[0]
    trail.record(
        Action.ORIENTATION_VIEWED,
        by=by,
        at=now,
        audit_ref=row.respondent.audit_ref,
        object_type="orientation_request",
        object_id=row.pk,
        detail={"items": sorted(letter.items)},
    )
    return letter


def inbox(*, by: User, now: datetime) -> list[Letter]:
    """What waits for this focal point: overdue first, then by deadline, what they have acted on last; at most 100."""
    if not by.may(Permission.HANDLE_ORIENTATION):
        return []
    rows = OrientationRequest.objects.visible_to(by).shown_at(now).with_letter_facts().most_urgent_first()
    return _letters(rows[:LONGEST_INBOX], now)


def _letters(rows: Iterable[OrientationRequest], now: datetime) -> list[Letter]:
    """A letter for each row whose consent stands; the others do not exist for a partner."""
    by_id = {row.pk: row for row in rows}
    agreed = agreed_items_of({row.pk: row.respondent_id for row in by_id.values()}, now=now)
    standing = asking.consents_of({row.respondent_id for row in by_id.values()}, now=now)
    return [
        _letter(row, items, now, keeps_number=standing[row.respondent_id].permits(Purpose.KEEP_NUMBER))
        for key, row in by_id.items()
        if (items := agreed[key]) is not None
    ]


def _letter(row: OrientationRequest, agreed: frozenset[str], now: datetime, *, keeps_number: bool) -> Letter:
    reader = get_language() or "en"
    may_reach = Item.CONTACT.value in agreed and keeps_number and is_usable(row.contact_point)
    return Letter(
        request_id=row.pk,
        reference=row.spoken_reference,
        form=Form(row.form),
        state=State(row.state),
        urgency=Urgency(row.urgency),
        partner=row.partner.title,
        service=row.service.title if row.service else "",
        requested_at=row.requested_at,
        deadline=row.deadline,
        expires_at=row.expires_at,
        is_overdue=row.deadline <= now and row.state != State.ACTED,
        items=agreed,
        need=Need(row.need).label if "need" in agreed and row.need else "",
        language=languages.names(row.language, reader) if "language" in agreed and row.language else "",
        country=countries.country_name(row.country, reader) if "country" in agreed and row.country else "",
        preferred_time=PreferredTime(row.preferred_time).label
        if "preferred_time" in agreed and row.preferred_time
        else "",
        has_note="note" in agreed and row.note is not None,
        contact=_safe_contact(row.contact_point) if may_reach and row.contact_point else None,
    )


def _safe_contact(point: ContactPoint) -> SafeContact:
    return SafeContact(
        whose=Whose(point.whose).label,
        days=()
        if len(point.safe_days) == len(Weekday)
        else tuple(Weekday(day).label for day in point.safe_days),
        safe_from=point.safe_from,
        safe_until=point.safe_until,
        unsafe_from=point.unsafe_from,
        unsafe_until=point.unsafe_until,
    )
