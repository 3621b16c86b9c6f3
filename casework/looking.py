"""Opening the page of a respondent: every look leaves a trace."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import trail
from audit.actions import Action
from casework.person import PersonPage, page_of
from tracker.models import Respondent


@transaction.atomic
def look_at(*, respondent: Respondent, by: User, now: datetime) -> PersonPage:
    """What the page shows, after the trail was told who looks."""
    page = page_of(respondent, reader=by, now=now)
    leave_trace(respondent, by, now)
    return page


@transaction.atomic
def found_by_code(people: Sequence[Respondent], *, by: User, now: datetime) -> None:
    """Tell the trail whom a search by code found: it says where they stand, as their page would."""
    for one in people:
        leave_trace(one, by, now)


def leave_trace(respondent: Respondent, by: User, now: datetime) -> None:
    """Tell the trail who looks at somebody; a step of whatever shows something of them."""
    trail.record(
        Action.RESPONDENT_VIEWED, by=by, at=now, audit_ref=respondent.audit_ref, object_type="respondent"
    )
