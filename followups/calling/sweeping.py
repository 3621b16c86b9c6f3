"""Pushing on, many at a time, people who stand in the queue and may not be called at all any more.

Whoever withdraws leaves the queue at once. What this is for is what nobody did: consents that all ran out on one day
while no worker ticked, or a list that was changed from outside. Found one by one they would keep callers waiting.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from consent.asking import Consents, consents_of
from consent.purposes import Purpose
from followups.models import FollowUp
from followups.queueing import AGAIN
from followups.scheduling.reasons import Reason, Refusal
from kernel.statements import statement
from tracker.models.respondents import Status

AT_ONCE = 1000
FOR_GOOD = frozenset(
    {
        Reason.WITHDRAWN,
        Reason.DECEASED,
        Reason.ERASED,
        Reason.RECONTACT_NOT_PERMITTED,
        Reason.KEEP_NUMBER_NOT_PERMITTED,
    }
)
"""Reasons that lie with the person alone and often come in crowds."""


def is_for_good(found: Sequence[Refusal]) -> bool:
    return any(refusal.reason in FOR_GOOD for refusal in found)


def sweep(met: FollowUp, *, now: datetime) -> int:
    """Push on those who stand where somebody was met whom nobody may call; how many. In the claim's transaction."""
    standing = _next_ones(met.team_id, met.language, met.caller_gender, now)
    consents = consents_of([person for _pk, person, _status in standing], now=now)
    pushed = defaultdict(list)
    for pk, person, status in standing:
        if reason := _why_never(status, consents[person]):
            pushed[reason].append(pk)
    for reason, rows in pushed.items():
        FollowUp.objects.filter(pk__in=rows).rest_until(now + AGAIN, waiting_for=reason.value)
    return sum(len(rows) for rows in pushed.values())


@statement
def _next_ones(team: UUID, language: str, caller_gender: str, now: datetime) -> QuerySet[FollowUp, Any]:
    here = FollowUp.objects.filter(team=team, language=language, caller_gender=caller_gender)
    locked = here.in_queue_at(now).select_for_update(skip_locked=True, no_key=True, of=("self",))
    return locked.most_urgent_first().values_list("pk", "respondent", "respondent__status")[:AT_ONCE]


def _why_never(status: str, consents: Consents) -> Reason | None:
    if status != Status.ACTIVE:
        return {Status.DECEASED: Reason.DECEASED, Status.ERASED: Reason.ERASED}.get(
            Status(status), Reason.WITHDRAWN
        )
    if not consents.permits(Purpose.RECONTACT):
        return Reason.RECONTACT_NOT_PERMITTED
    return None if consents.permits(Purpose.KEEP_NUMBER) else Reason.KEEP_NUMBER_NOT_PERMITTED
