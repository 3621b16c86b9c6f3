"""What a verification of the trail can find, and how it is told."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """One way in which the trail does not fit its seals, or could not be checked."""

    EVENT_CHANGED = "event_changed"
    EVENT_MISSING = "event_missing"
    EVENT_LATE = "event_late"
    SEAL_MISSING = "seal_missing"
    CHAIN_BROKEN = "chain_broken"
    SEAL_FORGED = "seal_forged"
    REWRITTEN = "rewritten"
    CUT_OFF = "cut_off"
    UNREADABLE = "unreadable"
    NOTHING_SEALED = "nothing_sealed"
    KEY_AWAY = "key_away"
    TAIL_OLD = "tail_old"


UNCHECKED = frozenset({Kind.NOTHING_SEALED, Kind.KEY_AWAY, Kind.TAIL_OLD})
"""Not well, and no sign that anybody changed anything."""

SENTENCES: dict[Kind, Any] = {
    Kind.EVENT_CHANGED: _("Under seal %(seal)s, at least one event was changed, or events were exchanged."),
    Kind.EVENT_MISSING: _(
        "Under seal %(seal)s, event %(event)s is missing: it was deleted after it was sealed."
    ),
    Kind.EVENT_LATE: _(
        "Event %(event)s stands where seal %(seal)s found none: it was put in, or written, after the sealing."
    ),
    Kind.SEAL_MISSING: _("Seal %(seal)s is missing."),
    Kind.CHAIN_BROKEN: _(
        "Seal %(seal)s does not follow from the seal before it: one of the two was changed."
    ),
    Kind.SEAL_FORGED: _("Seal %(seal)s was not made with the audit key: it was changed or forged."),
    Kind.REWRITTEN: _("Seal %(seal)s is not the one the anchor knows: the trail was rewritten."),
    Kind.CUT_OFF: _(
        "The anchor knows a seal that is not here; the last one here is seal %(n)s: the end of the trail was cut off, "
        "or all of it was rewritten."
    ),
    Kind.UNREADABLE: _(
        "After seal %(seal)s, event %(event)s or one behind it cannot be read: it was changed."
    ),
    Kind.NOTHING_SEALED: _(
        "There is no seal, so nothing was checked: nothing was sealed yet, or all was deleted."
    ),
    Kind.KEY_AWAY: _(
        "The vault is locked: whether the seals are ours could not be checked, only that they fit."
    ),
    Kind.TAIL_OLD: _(
        "%(n)s events have waited for their seal for over an hour: the background worker stands still, or the vault "
        "was locked."
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, at which seal and which event, where it can be said."""

    kind: Kind
    seal: int | None = None
    event: int | None = None
    n: int = 0

    @property
    def is_alarm(self) -> bool:
        """Whether this means that somebody changed something."""
        return self.kind not in UNCHECKED

    def __str__(self) -> str:
        return str(SENTENCES[self.kind] % {"seal": self.seal, "event": self.event, "n": self.n})

    def as_detail(self) -> dict[str, Any]:
        """For the trail: codes and counts."""
        event = None if self.event is None else f"{self.event:,}"
        said = {"found": self.kind.value, "seal": self.seal, "event": event}
        return {name: value for name, value in said.items() if value is not None}
