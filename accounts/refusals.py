"""Refused pages leave a trace: whoever tries doors that are not theirs is seen, and cannot flood the trail by it."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from audit import trail
from audit.actions import Action
from audit.models import AuditEvent

MOST_IN_AN_HOUR = 20
"""Refusals of one person that are written down; what a crawler does beyond says nothing new."""


@transaction.atomic
def refused_a_page(*, page: str, by: User, now: datetime) -> AuditEvent | None:
    """Tell the trail that `by` asked for a page of another role; None when it has been told often enough."""
    latest = AuditEvent.objects.by(by.pk).since(now - timedelta(hours=1)).filter(action=Action.ACCESS_REFUSED)
    if latest[:MOST_IN_AN_HOUR].count() == MOST_IN_AN_HOUR:
        return None
    return trail.record(Action.ACCESS_REFUSED, by=by, at=now, outcome="refused", detail={"page": page})
