"""What is learned of a number that was dialled: by the outcome, or before the next number of the same sitting."""

from datetime import datetime

from accounts.models import User
from followups.dispositions import DISPOSITIONS, Disposition
from followups.models import Dial
from followups.models.attempts import DialState
from followups.scheduling.outcomes import WhoAnswered
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
    Dial.objects.filter(pk=dial.pk).update(
        result=outcome.code, counts_as_burden=outcome.counts_as_burden, state=DialState.ENDED
    )
    point = ContactPoint.objects.filter(pk=dial.contact_point_id).first()
    if point is None:
        return
    if outcome.is_reached and not point.was_confirmed:
        ContactPoint.objects.filter(pk=point.pk).update(was_confirmed=True)
    if outcome.number_effect is not None and point.status != outcome.number_effect:
        reaching.mark_status(contact_point=point, status=outcome.number_effect, by=by, now=now)
    elif outcome.is_reached and point.status == NumberStatus.UNVERIFIED:
        reaching.mark_status(contact_point=point, status=NumberStatus.ACTIVE, by=by, now=now)
