"""Having had enough of the short tour."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import trail
from audit.actions import Action


@transaction.atomic
def finish_tour(*, by: User, now: datetime) -> bool:
    """Stop showing the short tour by itself. False, and nothing in the trail, where it was finished before."""
    if not User.objects.filter(pk=by.pk, toured_at=None).update(toured_at=now):
        return False
    trail.record(
        Action.STAFF_CHANGED,
        by=by,
        at=now,
        object_type="user",
        object_id=by.pk,
        detail={"changed": "toured_at"},
    )
    return True
