"""Counts the rows that the observer is told of as numbers; the only place here that looks into the tables of calls."""

from collections import Counter

from followups.models import Attempt, Claim, Dial, FollowUp, Hold
from followups.models.follow_ups import LIVE, State
from tests.year.answer_key import Rows
from tracker.models import Respondent
from tracker.models.respondents import Status


def count() -> Rows:
    """How many of what there is at the end."""
    issued = FollowUp.objects.filter(issued_at__isnull=False)
    return Rows(
        respondents=Respondent.objects.count(),
        sittings=Attempt.objects.count(),
        sittings_without_outcome=Attempt.objects.filter(recorded_at=None).count(),
        outcomes=Counter(
            Attempt.objects.exclude(disposition="").order_by().values_list("disposition", flat=True)
        ),
        dials=Dial.objects.count(),
        dials_placed=Dial.objects.exclude(state="cancelled").exclude(placed_at=None).count(),
        claims=Claim.objects.count(),
        issued=issued.count(),
        done=issued.filter(state=State.DONE).count(),
        missed=issued.filter(state=State.MISSED).count(),
        cancelled=issued.filter(state=State.CANCELLED).count(),
        owed=issued.filter(state__in=LIVE).count(),
        holds=Hold.objects.count(),
        erased=Respondent.objects.filter(status=Status.ERASED).count(),
    )
