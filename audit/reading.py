"""Reading the trail leaves a trace in it as well: every look does."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit import trail
from audit.actions import Action
from audit.models import AuditEvent
from audit.trail import Actor


@transaction.atomic
def looked_at_the_trail(*, by: Actor, now: datetime, about: UUID | None = None) -> AuditEvent:
    """Record that `by` read a page of the trail; `about` is the reference of the one respondent it was narrowed to."""
    return trail.record(Action.TRAIL_READ, by=by, at=now, audit_ref=about)
