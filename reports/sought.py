"""Who is being looked for, or has no number left that may be dialled: the list of those who need another route."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from followups.models import FollowUp
from followups.models.follow_ups import FollowUps, TracingBegan
from kernel import languages
from reports.restraints import waited_for
from reports.wanted import Wanted
from tracker.labels import stage_label


@dataclass(frozen=True, slots=True)
class SoughtLine:
    """One follow-up in the list: nothing that identifies anyone."""

    respondent_id: UUID
    code: str
    language: str
    stage: str
    why: str
    since: datetime | None
    waits_for: str
    closes_at: datetime


def sought_of(wanted: Wanted) -> FollowUps:
    """Those the reader may see, the one looked for longest at the top, then those who only lack a number."""
    rows = wanted.follow_ups().needing_a_route().select_related("respondent")
    return rows.order_by(F("tracing_since").asc(nulls_last=True), "closes_at", "pk")


def sought_lines(rows: Iterable[FollowUp], locale: str) -> tuple[SoughtLine, ...]:
    """A page of rows as the list shows them."""
    return tuple(
        SoughtLine(
            respondent_id=row.respondent_id,
            code=row.respondent.spoken_code,
            language=languages.names(row.language, locale),
            stage=stage_label(row.respondent.stage),
            why=str(TracingBegan(row.tracing_why).label),
            since=row.tracing_since,
            waits_for=waited_for(row.waiting_for) if row.waiting_for else "",
            closes_at=row.closes_at,
        )
        for row in rows
    )
