"""The final code of a person's round, read from everything that happened in it."""

from followups.dispositions import disposition
from followups.models import Attempt, FollowUp
from followups.scheduling.final_codes import FinalCode, final_code
from followups.scheduling.outcomes import Letter
from tracker.models import ContactPoint
from tracker.number_status import NumberStatus, is_dialable

COMPLETED = FinalCode("1.1", Letter.COMPLETE)


def code_of_round(follow_up: FollowUp, *, has_withdrawn: bool = False) -> FinalCode:
    """The AAPOR code and letter of the round as it stands (method 2.3, first match wins)."""
    codes = (
        Attempt.objects.filter(follow_up=follow_up)
        .recorded()
        .order_by("started_at")
        .values_list("disposition", flat=True)
    )
    return final_code(
        [disposition(code) for code in codes], _has_working_route(follow_up), has_withdrawn=has_withdrawn
    )


def _has_working_route(follow_up: FollowUp) -> bool:
    """Whether any number of the person was ever confirmed and can still be dialled (non-contact, not unlocated)."""
    points = ContactPoint.objects.in_use().filter(respondent_id=follow_up.respondent_id, was_confirmed=True)
    return any(is_dialable(NumberStatus(point.status)) for point in points)
