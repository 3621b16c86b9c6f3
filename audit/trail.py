"""Writing to the trail: one event per use case, in the same transaction as what it tells of."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Required, TypedDict, Unpack
from uuid import UUID

from audit.actions import Action
from audit.models import AuditEvent
from kernel.statements import insert

MORE_THAN_A_COUNT = 10**7
"""Nothing here is counted so far: a whole number of eight digits and more may be a phone number, without its plus or
without its country. What does count further, such as events, is written in groups: `f"{n:,}"`."""
LOOKS_LIKE_A_NUMBER = re.compile(r"\+?\d[\d\s()./\u00b7\u2010-\u2015-]{6,}\d")
A_DAY = re.compile(r"(19|20)\d\d-\d\d-\d\d")


class Actor(Protocol):
    """Anyone with an id: a member of staff."""

    @property
    def pk(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the present request comes from: a keyed digest of its session, and its id."""

    session_h: str = ""
    request_id: str = ""


NOWHERE = Origin()
origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


class PlaintextInTrail(ValueError):
    """Something that looks like a number was about to be written into the trail: a programming fault."""


class About(TypedDict, total=False):
    """Who did it (None is the system) and when, about what and why; `by` and `at` are always said."""

    by: Required[Actor | UUID | None]
    at: Required[datetime]
    audit_ref: UUID | None
    object_type: str
    object_id: UUID | None
    reason: str
    outcome: str


def record(action: Action, *, detail: dict[str, Any] | None = None, **about: Unpack[About]) -> AuditEvent:
    """Append one event; `detail` holds codes and counts.

    A respondent is named by `audit_ref` and nothing else: the link that an erasure cuts must be the only one.
    Raises ValueError for the id of a respondent and for a fraction, PlaintextInTrail for something shaped like a phone
    number.
    """
    [event] = record_each([(action, detail or {})], **about)
    return event


def record_each(each: Sequence[tuple[Action, dict[str, Any]]], **about: Unpack[About]) -> list[AuditEvent]:
    """Append several events of one moment about one thing, in their order; each as `record` would."""
    events = [_event(action, detail, **about) for action, detail in each]
    insert(events)
    return events


def _event(
    action: Action,
    detail: dict[str, Any],
    *,
    by: Actor | UUID | None,
    at: datetime,
    audit_ref: UUID | None = None,
    object_type: str = "",
    object_id: UUID | None = None,
    reason: str = "",
    outcome: str = "done",
) -> AuditEvent:
    if object_type == "respondent" and object_id is not None:
        raise ValueError("a respondent is named in the trail by their audit_ref alone")
    _refuse_plaintext(reason, detail)
    here = origin.get()
    return AuditEvent(
        at=at,
        actor_id=by if isinstance(by, UUID) else (by.pk if by is not None else None),
        session_h=here.session_h,
        request_id=here.request_id,
        action=action.value,
        object_type=object_type,
        object_id=object_id,
        audit_ref=audit_ref,
        reason=reason,
        outcome=outcome,
        detail=detail,
    )


def _refuse_plaintext(reason: str, detail: dict[str, Any]) -> None:
    for text in (reason, *_texts(detail)):
        found = LOOKS_LIKE_A_NUMBER.search(text)
        # Dates and uuids are digits and dashes too; they are what `detail` is for.
        if found and not _is_date_or_uuid(text):
            raise PlaintextInTrail


def _texts(detail: Any) -> Iterator[str]:
    """Every text in a detail, however deep it lies: lists of ids, ids by reason."""
    if isinstance(detail, str):
        yield detail
    elif isinstance(detail, float):
        # No two databases keep one alike, and a seal is over the exact value.
        raise ValueError("the trail counts in whole numbers")
    elif isinstance(detail, int) and abs(detail) >= MORE_THAN_A_COUNT:
        yield str(detail)
    elif isinstance(detail, dict):
        for key, value in detail.items():
            yield from (*_texts(key), *_texts(value))
    elif isinstance(detail, list | tuple):
        for value in detail:
            yield from _texts(value)


def _is_date_or_uuid(text: str) -> bool:
    """Whether all of it is one; a day without its dashes is eight digits like any other."""
    return _parses(text, UUID) or (bool(A_DAY.match(text)) and _parses(text, datetime.fromisoformat))


def _parses(text: str, parse: Callable[[str], object]) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True
