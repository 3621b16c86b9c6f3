"""The final code of a person's round, read from everything that happened in it."""

from uuid import UUID

from django.db.models import QuerySet

from followups.dispositions import disposition
from followups.models import Attempt, FollowUp
from followups.scheduling.final_codes import FinalCode, final_code
from followups.scheduling.outcomes import Letter
from kernel.statements import statement
from tracker.models import ContactPoint
from tracker.models.contact_points import Whose
from tracker.number_status import NumberStatus, is_dialable

COMPLETED = FinalCode("1.1", Letter.COMPLETE)


def code_of_round(follow_up: FollowUp, *, has_withdrawn: bool = False) -> FinalCode:
    """The AAPOR code and letter of the round as it stands (method 2.3, first match wins)."""
    outcomes = [disposition(code) for code in _outcomes(follow_up.pk)]
    return final_code(outcomes, _has_working_route(follow_up), has_withdrawn=has_withdrawn)


def _has_working_route(follow_up: FollowUp) -> bool:
    """Whether any number of the person was ever confirmed and can still be dialled (non-contact, not unlocated)."""
    return any(is_dialable(NumberStatus(status)) for status in _confirmed(follow_up.respondent_id))


@statement
def _outcomes(follow_up_id: UUID) -> QuerySet[Attempt, str]:
    recorded = Attempt.objects.filter(follow_up=follow_up_id).recorded().order_by("started_at")
    # Another voice on a trusted person's phone says nothing of where the respondent is.
    recorded = recorded.exclude(to_trusted=True, disposition="other_answered")
    return recorded.values_list("disposition", flat=True)


@statement
def _confirmed(respondent_id: UUID) -> QuerySet[ContactPoint, str]:
    points = ContactPoint.objects.in_use().filter(respondent_id=respondent_id, was_confirmed=True)
    return points.exclude(whose=Whose.TRUSTED).values_list("status", flat=True)
