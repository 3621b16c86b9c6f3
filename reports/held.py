"""Who is on hold, since when and until when: what somebody should look at first, the rest after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from followups.models import Hold
from followups.models.restraints import HoldKind
from reports.wanted import Wanted
from tracker.labels import stage_label


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One hold in the list: nothing that identifies anyone."""

    respondent_id: UUID
    code: str
    kind: str
    stage: str
    placed_at: datetime
    placed_by: str
    until: datetime | None
    review_at: datetime | None
    is_due: bool


def held_of(wanted: Wanted, kind: HoldKind | None, *, only_due: bool) -> QuerySet[Hold]:
    """Holds in force or due for a review, the longest overdue at the top; `kind` None gives every kind."""
    now = wanted.now
    due = Q(review_at__lte=now)
    in_force = Q(until__isnull=True) | Q(until__gt=now)
    rows = Hold.objects.filter(wanted.about_respondents(), due if only_due else due | in_force)
    rows = rows.filter(lifted_at__isnull=True, **({"kind": kind} if kind else {}))
    return rows.select_related("respondent", "placed_by").order_by(
        F("review_at").asc(nulls_last=True), "placed_at", "pk"
    )


def held_lines(rows: Iterable[Hold], now: datetime) -> tuple[HeldLine, ...]:
    """A page of rows as the list shows them."""
    return tuple(
        HeldLine(
            respondent_id=row.respondent_id,
            code=row.respondent.spoken_code,
            kind=str(HoldKind(row.kind).label),
            stage=stage_label(row.respondent.stage),
            placed_at=row.placed_at,
            placed_by=str(row.placed_by) if row.placed_by else "",
            until=row.until,
            review_at=row.review_at,
            is_due=row.review_at is not None and row.review_at <= now,
        )
        for row in rows
    )
