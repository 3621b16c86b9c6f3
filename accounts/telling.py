"""What happens to a member of staff, told to the trail."""

from datetime import datetime

from accounts.models import User
from audit import trail
from audit.actions import Action


def tell(
    action: Action,
    person: User | None,
    *,
    by: User | None,
    now: datetime,
    outcome: str = "done",
    **detail: str,
) -> None:
    """One event about a person, None for somebody unknown; within the transaction of what happened."""
    trail.record(
        action,
        by=by,
        at=now,
        object_type="user",
        object_id=person.pk if person else None,
        outcome=outcome,
        detail=detail,
    )
