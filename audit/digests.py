"""The eight words of a day: the newest seal, said once a day in a form that can be written down."""

from datetime import UTC, datetime, time

from django.db import transaction

from audit import trail
from audit.actions import Action
from audit.anchors import latest
from audit.models import AuditEvent


@transaction.atomic
def issue(*, now: datetime) -> AuditEvent | None:
    """The words of today (in UTC), issued now; None when they were issued already, or nothing is sealed yet."""
    newest = latest()
    if newest is None or of_today(now) is not None:
        return None
    said = {"seal": newest.seal, "words": newest.words}
    return trail.record(Action.DIGEST_ISSUED, by=None, at=now, detail=said)


def of_today(now: datetime) -> AuditEvent | None:
    """Today's digest; None before it was issued."""
    day = datetime.combine(now.astimezone(UTC).date(), time.min, tzinfo=UTC)
    return AuditEvent.objects.filter(action=Action.DIGEST_ISSUED, at__gte=day, at__lte=now).first()
