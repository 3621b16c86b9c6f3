"""The queue of one caller: what the tick found ready and this caller may take."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.models import User
from followups.models import Attempt, Claim, FollowUp
from followups.models.follow_ups import FollowUps


def ready_for(user: User, now: datetime) -> FollowUps:
    """Ready follow-ups for this caller whom nobody is calling; a claim still asks every rule again on its row.

    What only this caller may not take is left out here, so that it stays in place for the others.
    """
    said_no_to_me = Attempt.objects.that_heard_a_no().filter(follow_up=OuterRef("pk"), enumerator=user)
    taken = Claim.objects.live(now).filter(respondent=OuterRef("respondent"))
    ready: FollowUps = FollowUp.objects.ready_at(now).for_caller(user)
    return ready.exclude(Exists(said_no_to_me)).exclude(Exists(taken))
