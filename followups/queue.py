"""The queue of one caller: what the tick found ready and this caller may take."""

from datetime import datetime
from itertools import product
from uuid import UUID

from django.db.models import Exists, OuterRef

from accounts.models import Gender, User
from followups.models import Attempt, BarredEnumerator, Claim, FollowUp
from followups.models.follow_ups import FollowUps

Place = tuple[UUID, str, str]
"""A team, a language and a wished voice: one walk along the queue's index each."""


def ready_for(user: User, now: datetime) -> FollowUps:
    """Ready follow-ups for this caller whom nobody is calling; a claim still asks every rule again on its row.

    What only this caller may not take is left out here, so that it stays in place for the others.
    """
    return _open_to(user, FollowUp.objects.in_queue_at(now), now)


def beginning_for(user: User, now: datetime) -> FollowUps:
    """Those whose time has come since the last tick: a claim that finds nobody else puts them into the queue."""
    return _open_to(user, FollowUp.objects.to_begin_at(now), now)


def _open_to(user: User, ready: FollowUps, now: datetime) -> FollowUps:
    theirs = ready.filter(
        team__in=user.team_ids, language__in=user.language_codes, caller_gender__in=voices_of(user)
    )
    return free_for(theirs, user.pk, now)


def free_for(ready: FollowUps, caller: UUID, now: datetime) -> FollowUps:
    """Those of them that nobody is calling and that are not closed to this one caller."""
    here = OuterRef("respondent")
    barred_me = BarredEnumerator.objects.filter(respondent=here, enumerator=caller)
    said_no_to_me = Attempt.objects.that_heard_a_no().filter(follow_up=OuterRef("pk"), enumerator=caller)
    taken = Claim.objects.live(now).filter(respondent=here)
    return ready.exclude(Exists(taken)).exclude(Exists(barred_me)).exclude(Exists(said_no_to_me))


def voices_of(user: User) -> tuple[str, ...]:
    """The wishes that this caller's voice fulfils."""
    return (
        (Gender.NOT_SAID.value,) if user.gender == Gender.NOT_SAID else (Gender.NOT_SAID.value, user.gender)
    )


def places_of(user: User) -> tuple[Place, ...]:
    """Every place of the queue that this caller takes calls from."""
    return tuple(product(user.team_ids, user.language_codes, voices_of(user)))
