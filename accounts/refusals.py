"""Refused pages and sign-ins leave a trace: whoever tries doors is seen, and cannot flood the trail by it."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from accounts.telling import tell
from audit import trail
from audit.actions import Action
from audit.models import AuditEvent

MOST_IN_AN_HOUR = 20
"""Refusals of one person that are written down; what a crawler does beyond says nothing new."""

SIGN_INS_IN_AN_HOUR = 100
"""Refused sign-ins to one account, or to none that there is, that are written down: nobody has to be anybody to try."""


@transaction.atomic
def refused_a_page(*, page: str, by: User, now: datetime) -> AuditEvent | None:
    """Tell the trail that `by` asked for a page of another role; None when it has been told often enough."""
    latest = AuditEvent.objects.by(by.pk).since(now - timedelta(hours=1)).filter(action=Action.ACCESS_REFUSED)
    if latest[:MOST_IN_AN_HOUR].count() == MOST_IN_AN_HOUR:
        return None
    return trail.record(Action.ACCESS_REFUSED, by=by, at=now, outcome="refused", detail={"page": page})


def refused_a_sign_in(*, why: str, person: User | None, now: datetime) -> None:
    """Tell the trail of a refused sign-in to somebody's account, None for nobody's; not when told often enough."""
    lately = AuditEvent.objects.since(now - timedelta(hours=1)).filter(action=Action.SIGN_IN_REFUSED)
    told = lately.filter(object_id=person.pk if person else None)[:SIGN_INS_IN_AN_HOUR].count()
    if told < SIGN_INS_IN_AN_HOUR:
        tell(Action.SIGN_IN_REFUSED, person, by=None, now=now, outcome="refused", why=why)
