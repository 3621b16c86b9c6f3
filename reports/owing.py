"""What is owed: upcoming, due, overdue and at risk, by stage and by language, and the list behind each count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from followups.models import FollowUp
from followups.models.follow_ups import LIVE, UNFINISHED, FollowUps, State
from kernel import languages
from reports.restraints import waited_for
from reports.wanted import Wanted
from tracker.labels import STAGE_LABELS, stage_label

SOON = timedelta(days=7)
ENOUGH_ATTEMPTS = 3


class Kind(models.TextChoices):
    """A kind of owed follow-up; one may be of several kinds."""

    UPCOMING = "upcoming", _("opening within 7 days")
    DUE = "due", _("due: open, its day not yet past")
    OVERDUE = "overdue", _("overdue: its day past, still open")
    AT_RISK = "at_risk", _("closing within 7 days with fewer than 3 attempts")


@dataclass(frozen=True, slots=True)
class Owed:
    """How many of each kind are owed at one stage or in one language."""

    key: str
    label: str
    upcoming: int
    due: int
    overdue: int
    at_risk: int

    @property
    def open(self) -> int:
        """Window open: to be worked now."""
        return self.due + self.overdue

    @property
    def cells(self) -> tuple[tuple[Kind, int], ...]:
        return tuple((kind, getattr(self, kind.value)) for kind in Kind)


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One follow-up in the list: nothing that identifies anyone."""

    respondent_id: UUID
    code: str
    language: str
    stage: str
    state: str
    due_at: datetime
    closes_at: datetime
    waits_for: str


def meaning(kind: Kind, now: datetime) -> Q:
    """What the kind means at `now`."""
    live = Q(state__in=[state.value for state in LIVE])
    return {
        # One that should have opened and waits for the next tick is upcoming still.
        Kind.UPCOMING: Q(state=State.PLANNED, opens_at__lt=now + SOON),
        Kind.DUE: live & Q(due_at__gt=now),
        Kind.OVERDUE: live & Q(due_at__lte=now),
        Kind.AT_RISK: live & Q(closes_at__lt=now + SOON, attempts_made__lt=ENOUGH_ATTEMPTS),
    }[kind]


def owed_by_stage(wanted: Wanted) -> tuple[Owed, ...]:
    """In the order of the journey."""
    counted = _counted(wanted, "stage")
    labels = {code: str(label) for code, label in STAGE_LABELS}
    return tuple(Owed(code, labels[code], **counted[code]) for code in labels if code in counted)


def owed_by_language(wanted: Wanted, locale: str) -> tuple[Owed, ...]:
    """In the order of the languages' names for a reader of `locale`."""
    rows = [
        Owed(code, languages.names(code, locale), **row) for code, row in _counted(wanted, "language").items()
    ]
    return tuple(sorted(rows, key=lambda row: row.label))


def owed_of(wanted: Wanted, kind: Kind | None, waits_for: str = "") -> FollowUps:
    """The rows behind a count, the window that closes first at the top; `kind` None gives all with an open window.

    `waits_for` narrows them to those that rest for this reason.
    """
    now = wanted.now
    what = meaning(Kind.DUE, now) | meaning(Kind.OVERDUE, now) if kind is None else meaning(kind, now)
    rests = {"state": State.RESTING, "waiting_for": waits_for} if waits_for else {}
    return wanted.follow_ups().filter(what, **rests).select_related("respondent").order_by("closes_at", "pk")


def owed_lines(rows: Iterable[FollowUp], locale: str) -> tuple[OwedLine, ...]:
    """A page of rows as the list shows them."""
    return tuple(
        OwedLine(
            respondent_id=row.respondent_id,
            code=row.respondent.spoken_code,
            language=languages.names(row.language, locale),
            stage=stage_label(row.stage),
            state=str(State(row.state).label),
            due_at=row.due_at,
            closes_at=row.closes_at,
            waits_for=waited_for(row.waiting_for) if row.waiting_for else "",
        )
        for row in rows
    )


def _counted(wanted: Wanted, by: str) -> dict[str, dict[str, int]]:
    kinds = {kind.value: Count("pk", filter=meaning(kind, wanted.now)) for kind in Kind}
    soon = Q(opens_at__lt=wanted.now + SOON) | ~Q(state=State.PLANNED)
    rows = wanted.follow_ups().filter(soon, state__in=[state.value for state in UNFINISHED])
    return {row.pop("by"): row for row in rows.order_by().values(by=F(by)).annotate(**kinds)}
