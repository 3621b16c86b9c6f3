"""The queue of one caller: what the tick found ready and this caller may take."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from accounts.models import User
from followups.models import Attempt, Claim, FollowUp
from followups.models.follow_ups import FollowUps


def ready_for(user: User, now: datetime) -> FollowUps:
    """Ready follow-ups for this caller whom nobody is calling; a claim still asks every rule again on its row.

    What only this caller may not take is left out here, so that it stays in place for the others.
    """
    return ready_for_voice(user.pk, user.team_ids, user.language_codes, user.gender, now)


def ready_for_voice(
    caller: UUID, teams: Sequence[UUID], languages: Sequence[str], gender: str, now: datetime
) -> FollowUps:
    """The same, for a caller in plain values."""
    said_no_to_me = Attempt.objects.that_heard_a_no().filter(follow_up=OuterRef("pk"), enumerator=caller)
    taken = Claim.objects.live(now).filter(respondent=OuterRef("respondent"))
    ready: FollowUps = FollowUp.objects.ready_at(now).for_voice(caller, teams, languages, gender)
    return ready.exclude(Exists(said_no_to_me)).exclude(Exists(taken))
