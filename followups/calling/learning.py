"""What is learned of a number that was dialled: by the outcome, or before the next number of the same sitting."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from followups.dispositions import DISPOSITIONS, Disposition
from followups.models import Dial
from followups.models.attempts import DialState
from followups.scheduling.outcomes import WhoAnswered
from kernel.statements import Change, change, statement
from tracker import reaching
from tracker.models import ContactPoint
from tracker.number_status import NumberStatus

ON_TO_THE_NEXT = tuple(
    one
    for one in DISPOSITIONS.values()
    if one.who_answered is WhoAnswered.NOBODY or one.code in ("wrong_number", "other_answered")
)
"""The outcomes after which another number of the person may be dialled at once."""


def learn(dial: Dial, outcome: Disposition, *, by: User, now: datetime) -> None:
    """Write what one dial gave, and what it says of its number for all who share it; a step of other use cases."""
    _write = _rang if outcome.counts_as_burden else _was_silent
    _write(dial.pk, outcome.code)
    point = _point.first(dial.contact_point_id)
    if point is None:
        return
    if outcome.is_reached and not point.was_confirmed:
        ContactPoint.objects.filter(pk=point.pk).update(was_confirmed=True)
    if outcome.bars_number:
        reaching.bar_number(contact_point=point, by=by, now=now)
    if outcome.number_effect is not None and point.status != outcome.number_effect:
        reaching.mark_status(contact_point=point, status=outcome.number_effect, by=by, now=now)
    elif outcome.is_reached and point.status == NumberStatus.UNVERIFIED:
        reaching.mark_status(contact_point=point, status=NumberStatus.ACTIVE, by=by, now=now)


@change
def _rang(dial_id: UUID, result: str) -> Change:
    written = {"result": result, "counts_as_burden": True, "state": DialState.ENDED}
    return Dial.objects.filter(pk=dial_id), written


@change
def _was_silent(dial_id: UUID, result: str) -> Change:
    written = {"result": result, "counts_as_burden": False, "state": DialState.ENDED}
    return Dial.objects.filter(pk=dial_id), written


@statement
def _point(contact_point_id: UUID) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(pk=contact_point_id)
