"""The trail as people read it: newest first, page by page, each event a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import Action
from audit.models import AuditEvent, AuditEvents
from reports.months import begins_at
from reports.particulars import Particular, as_uuid, particulars
from reports.sentences import sentence

PAGE = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the trail is asked for; `starts` and `ends` are days on the reader's clock, both included."""

    zone_name: str
    action: Action | None = None
    actor: User | None = None
    audit_ref: UUID | None = None
    starts: date | None = None
    ends: date | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event: a sentence, and what it keeps beside it."""

    at: datetime
    told: str
    is_refused: bool
    particulars: tuple[Particular, ...]
    audit_ref: UUID | None


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some events, and the id below which the next page begins; None at the end of the trail."""

    lines: tuple[EventLine, ...]
    older_than: int | None


def trail_page(asked: Asked) -> TrailPage:
    """The newest events asked for, in two queries whatever the length of the trail; nothing is counted."""
    rows = list(asked_for(asked)[: PAGE + 1])
    shown = rows[:PAGE]
    older_than = shown[-1].pk if len(rows) > PAGE else None
    return TrailPage(as_lines(shown, asked.zone_name), older_than)


def as_lines(events: Sequence[AuditEvent], zone_name: str) -> tuple[EventLine, ...]:
    """The events as sentences, with the names of staff as colleagues see them."""
    names = _names(events)
    return tuple(
        EventLine(
            at=event.at,
            told=sentence(
                Action(event.action),
                who=names.get(event.actor_id, _("Somebody whose account is gone"))
                if event.actor_id
                else _("The system"),
                whom=names.get(event.object_id, _("somebody whose account is gone"))
                if event.object_id
                else _("nobody we know"),
                outcome=event.outcome,
            ),
            is_refused=event.outcome == "refused",
            particulars=particulars(event, zone_name=zone_name, names=names),
            audit_ref=event.audit_ref,
        )
        for event in events
    )


def asked_for(asked: Asked) -> AuditEvents:
    """The events that fit, newest first; no limit."""
    events: AuditEvents = AuditEvent.objects.order_by("-id")
    if asked.action is not None:
        events = events.filter(action=asked.action)
    if asked.actor is not None:
        events = events.by(asked.actor.pk)
    if asked.audit_ref is not None:
        events = events.about(asked.audit_ref)
    if asked.starts is not None:
        events = events.since(begins_at(asked.starts, asked.zone_name))
    if asked.ends is not None:
        events = events.filter(at__lt=begins_at(asked.ends + timedelta(days=1), asked.zone_name))
    return events if asked.before is None else events.filter(pk__lt=asked.before)


def _names(events: Sequence[AuditEvent]) -> dict[UUID | None, str]:
    people = {event.actor_id for event in events}
    people |= {event.object_id for event in events if event.object_type == "user"}
    people |= {as_uuid(event.detail.get("user")) for event in events}
    found = User.objects.filter(pk__in=people - {None})
    return {user.pk: user.display_name for user in found}
