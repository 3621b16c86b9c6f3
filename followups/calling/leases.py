"""Leases that ran out: ended once, and named in the trail whoever notices."""

from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actions import Action
from followups.models import Claim
from followups.models.claims import ClaimEnd, Claims


def expire(claims: Claims, now: datetime) -> int:
    """End those of these claims whose lease ran out; how many. One event names them all.

    What somebody else is ending at this moment is left to them: nobody who holds one claim waits for another.
    """
    with transaction.atomic():
        mine = claims.run_out(now).select_for_update(no_key=True, skip_locked=True)
        over = list(mine.values_list("pk", flat=True))
        if not over:
            return 0
        ended = Claim.objects.filter(pk__in=over).end(ClaimEnd.EXPIRED, now)
        trail.record(Action.CLAIM_EXPIRED, by=None, at=now, detail={"which": [str(pk) for pk in over]})
        return ended
