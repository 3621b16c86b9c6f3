"""Who looked at a respondent, opened something of theirs, took their call or dialled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Permission
from audit.actions import Action
from audit.models import AuditEvent
from tracker.models import Respondent

MOST = 20
READERS = (Permission.READ_TRAIL, Permission.ERASE)
"""Whoever may read the trail, and coordinators, who answer for what their team does with a person."""

LOOKS: Mapping[str, Any] = {
    Action.RESPONDENT_VIEWED.value: gettext_lazy("opened this page"),
    Action.IDENTITY_OPENED.value: gettext_lazy("opened something sealed"),
    Action.NUMBER_REVEALED.value: gettext_lazy("was shown a number"),
    Action.NUMBER_SHOWN.value: gettext_lazy("was shown a number without a call"),
    Action.CLAIMED.value: gettext_lazy("took their call"),
    Action.DIAL_ORDERED.value: gettext_lazy("dialled"),
    Action.ORIENTATION_VIEWED.value: gettext_lazy("read an orientation request"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One look: when, who as far as the reader may know, and what they did."""

    at: datetime
    who: str
    what: str
    is_refused: bool


def looks_at(respondent: Respondent, *, reader: User) -> tuple[Look, ...]:
    """The newest twenty, in two queries; none for somebody who may not read them, or after an erasure.

    A coordinator reads that somebody of another team looked, and not who: the officer knows, and the trail.
    """
    if respondent.audit_ref is None or not any(reader.may(one) for one in READERS):
        return ()
    events = list(AuditEvent.objects.about(respondent.audit_ref).filter(action__in=LOOKS)[:MOST])
    known = User.objects.visible_to(reader).filter(pk__in={event.actor_id for event in events} - {None})
    names = dict(known.values_list("pk", "display_name"))
    return tuple(
        Look(event.at, _name(event, names), str(LOOKS[event.action]), event.outcome == "refused")
        for event in events
    )


def _name(event: AuditEvent, names: Mapping[Any, str]) -> str:
    if event.actor_id is None:
        return _("The system")
    return names.get(event.actor_id, _("Somebody outside your teams"))
