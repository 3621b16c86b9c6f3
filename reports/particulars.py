"""What an event keeps beside its sentence, in words: labels for codes, days on the reader's clock, no bare uuids."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.actions import Action
from audit.models import AuditEvent
from kernel import languages, zones
from reports.sentences import sentence
from reports.trail_words import DAYS, ENDED, LABELS, LABELS_OF, NAMES, REASONS, UNSAID

DAY_FORMAT = "j M Y"


@dataclass(frozen=True, slots=True)
class Particular:
    """One thing an event says beside its sentence."""

    name: str
    text: str


def particulars(
    event: AuditEvent, *, zone_name: str, names: Mapping[UUID | None, str]
) -> tuple[Particular, ...]:
    """All that is worth saying of one event; `names` are those of staff by their id."""
    action = Action(event.action)
    said = [
        Particular(_name(action, key), text)
        for key, kept in event.detail.items()
        if key not in UNSAID and (text := _text(action, key, kept, zone_name, names))
    ]
    if event.reason:
        said.insert(0, Particular(_("Why"), str(REASONS.get(event.reason, event.reason))))
    return tuple(said)


def _name(action: Action, key: str) -> str:
    # A key that is new here is shown as it is, rather than kept from the officer.
    names = ENDED if action is Action.FOLLOW_UP_MISSED else NAMES
    return str(names.get(key, key.replace("_", " ")))


def _text(action: Action, key: str, kept: object, zone_name: str, names: Mapping[UUID | None, str]) -> str:
    if key == "user":
        return names.get(as_uuid(kept), _("somebody whose account is gone"))
    if key == "language":
        return languages.names(str(kept), get_language() or "en")
    if key == "action" and kept in set(Action):
        return sentence(Action(str(kept)), who="…", whom="…")
    if key in DAYS:
        return _day(str(kept), zone_name)
    if isinstance(kept, bool):
        return _("yes") if kept else _("no")
    codes = kept if isinstance(kept, list) else str(kept).split(",") if key == "changed" else [kept]
    labels = LABELS_OF.get((action, key), LABELS.get(key, {}))
    return ", ".join(str(labels.get(code, code)) for code in codes if as_uuid(code) is None)


def _day(kept: str, zone_name: str) -> str:
    """The day of an instant on the reader's clock; a bare day is the same on every clock."""
    at = datetime.fromisoformat(kept)
    on = zones.local(at, zone_name).date() if at.tzinfo else date.fromisoformat(kept[:10])
    return date_format(on, DAY_FORMAT)


def as_uuid(kept: object) -> UUID | None:
    """The uuid that stands here; None for anything else."""
    try:
        return UUID(str(kept))
    except ValueError:
        return None
