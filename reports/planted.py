"""The canaries as the officer sees them: where each was planted, and how often somebody touched it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max

from accounts.models import User
from audit.actions import Action
from audit.models import AuditEvent, Canary
from tracker.models import Respondent

MOST = 200


@dataclass(frozen=True, slots=True)
class Planted:
    """One canary; `code` and `team` are empty for one that was erased, or that this reader may not know of."""

    audit_ref: UUID
    code: str
    team: str
    at: datetime
    touched: int
    touched_at: datetime | None


def planted(reader: User) -> tuple[Planted, ...]:
    """The newest two hundred, in three queries."""
    known = list(Canary.objects.all()[:MOST])
    refs = [one.audit_ref for one in known]
    people = Respondent.objects.visible_to(reader).filter(audit_ref__in=refs).select_related("team")
    person_of = {person.audit_ref: person for person in people}
    touches = AuditEvent.objects.filter(audit_ref__in=refs, action=Action.CANARY_TOUCHED).order_by()
    counted = {
        ref: (n, at) for ref, n, at in touches.values_list("audit_ref").annotate(Count("pk"), Max("at"))
    }
    return tuple(
        Planted(
            one.audit_ref,
            person.spoken_code if (person := person_of.get(one.audit_ref)) else "",
            person.team.title if person else "",
            one.at,
            *counted.get(one.audit_ref, (0, None)),
        )
        for one in known
    )
