"""Looking for somebody by their other consented routes: when it begins, how it ends, and how the lost come back."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups import locking
from followups.models import FollowUp
from followups.models.follow_ups import LIVE, Ended, TracingBegan
from followups.scheduling.reasons import Reason
from followups.scheduling.tracing_order import Began
from kernel.errors import Conflict
from kernel.statements import statement
from tracker.models import ContactPoint, Respondent
from tracker.stages import Stage, is_tracing_only

SOON = timedelta(minutes=1)
"""When the tick looks at a search that has just begun: in the pass after the one that began it."""


class Found(StrEnum):
    """How a search ended."""

    REACHED = "reached"
    CONTACT_RECEIVED = "contact_received"
    GIVEN_UP = "given_up"
    COORDINATOR = "coordinator"


def start(*, follow_up: FollowUp, why: Began, by: User | None, now: datetime) -> bool:
    """Begin to look for somebody; False when they are looked for already, or nothing is owed any more.

    From now on the rules let their other numbers be dialled, newest first, and then those of people they trust, if
    that was agreed. Every other rule stands.
    """
    with transaction.atomic():
        owed = FollowUp.objects.filter(pk=follow_up.pk, tracing_since=None).live()
        if why is Began.MODEL:
            # A coordinator who ended the search knows more of this person than an average does.
            owed = owed.exclude(tracing_why=TracingBegan.CALLED_OFF)
        if not owed.update(tracing_since=now, tracing_why=why.value):
            return False
        if why is not Began.STAGE_UNKNOWN:
            # Other numbers may be dialled from now on: what the last look found no longer holds.
            FollowUp.objects.filter(pk=follow_up.pk).live().rest_until(now + SOON)
        follow_up.tracing_since, follow_up.tracing_why = now, why.value
        _leave_trace(Action.TRACING_STARTED, follow_up, why.value, by, now)
        return True


def end(*, follow_up: FollowUp, why: Found, by: User | None, now: datetime) -> bool:
    """End the search, and have what is owed looked at again; False when nobody was looking."""
    with transaction.atomic():
        sought = FollowUp.objects.filter(pk=follow_up.pk, tracing_since__isnull=False)
        left = TracingBegan.CALLED_OFF if why is Found.COORDINATOR else TracingBegan.NONE
        if not sought.update(tracing_since=None, tracing_why=left):
            return False
        FollowUp.objects.filter(pk=follow_up.pk).live().rest_until(now)
        _leave_trace(Action.TRACING_ENDED, follow_up, why.value, by, now)
        follow_up.tracing_since, follow_up.tracing_why = None, left
        return True


def ask_for(*, respondent: Respondent, by: User, now: datetime) -> FollowUp:
    """A coordinator has somebody looked for. Raises `nothing_owed` when no interview is owed, `in_tracing`."""
    with transaction.atomic():
        locking.hold_still(respondent.pk)
        row = FollowUp.objects.of(respondent).live().order_by("closes_at").first()
        if row is None:
            raise Conflict(
                "nothing_owed",
                _("No interview is owed at this moment, so there is nothing to look for them for."),
                kept=_("Nothing was changed."),
                next_step=_("If they contact you, write that down."),
            )
        if not start(follow_up=row, why=Began.COORDINATOR, by=by, now=now):
            raise Conflict("in_tracing", _("They are being looked for already. Nothing was changed."))
        return row


def call_off(*, respondent: Respondent, by: User, now: datetime) -> int:
    """A coordinator ends the search: calls go on as before it. How many searches ended."""
    with transaction.atomic():
        locking.hold_still(respondent.pk)
        return end_all(respondent=respondent, why=Found.COORDINATOR, by=by, now=now)


def end_all(*, respondent: Respondent, why: Found, by: User | None, now: datetime) -> int:
    """End every search for somebody, in whatever study; how many. A step of other use cases."""
    sought = FollowUp.objects.of(respondent).in_tracing()
    return sum(end(follow_up=one, why=why, by=by, now=now) for one in sought)


def begin_where_needed(rows: Iterable[FollowUp], now: datetime) -> int:
    """After a look: begin for whoever has no number left to dial, or of whom nobody knows where they are; how many."""
    rows = [one for one in rows if one.state in LIVE and one.tracing_since is None]
    nowhere = [one for one in rows if is_tracing_only(Stage(one.respondent.stage))]
    stuck = [one for one in rows if one.waiting_for == Reason.NO_DIALABLE_NUMBER and one not in nowhere]
    # Who never gave a number has no route that died: they wait in the list of those who need one.
    with_a_number = set(_who_gave_a_number([one.respondent_id for one in stuck])) if stuck else set()
    begun = [start(follow_up=one, why=Began.STAGE_UNKNOWN, by=None, now=now) for one in nowhere]
    begun += [
        start(follow_up=one, why=Began.NUMBER_DEAD, by=None, now=now)
        for one in stuck
        if one.respondent_id in with_a_number
    ]
    return sum(begun)


def begin_anew_where_nobody_knows(row: FollowUp | None, now: datetime) -> None:
    """Where they are is still not known after they contacted us: what was tried before that counts no more."""
    if row is not None and is_tracing_only(Stage(row.respondent.stage)):
        start(follow_up=row, why=Began.STAGE_UNKNOWN, by=None, now=now)


def carry_on(*, was: FollowUp, planned: FollowUp | None) -> None:
    """Who was still being looked for when a window closed is looked for in the next one, from the same day on."""
    if planned is None or was.tracing_since is None or planned.pk == was.pk:
        return
    FollowUp.objects.filter(pk=planned.pk, tracing_since=None).update(
        tracing_since=was.tracing_since, tracing_why=was.tracing_why
    )


def give_up(row: FollowUp, ended: Ended, now: datetime) -> None:
    """Tell the trail that a search ran its course; a step of closing windows."""
    if ended == Ended.NOT_FOUND:
        _leave_trace(Action.TRACING_ENDED, row, Found.GIVEN_UP.value, None, now)


def is_lost(respondent: Respondent) -> bool:
    """Whether a search for them ran its course, and they have not come back since."""
    return FollowUp.objects.of(respondent).filter(ended=Ended.NOT_FOUND).exists()


def come_back(respondent: Respondent) -> int:
    """Somebody counted as lost is not: their last follow-up stays missed, and the next may be planned. How many."""
    lost = FollowUp.objects.of(respondent).filter(ended=Ended.NOT_FOUND)
    return lost.update(ended=Ended.WINDOW_CLOSED)


@statement
def _who_gave_a_number(people: Collection[UUID]) -> QuerySet[ContactPoint, UUID]:
    return ContactPoint.objects.filter(respondent__in=people).values_list("respondent_id", flat=True)


def _leave_trace(action: Action, row: FollowUp, why: str, by: User | None, now: datetime) -> None:
    trail.record(
        action,
        by=by,
        at=now,
        audit_ref=row.respondent.audit_ref,
        object_type="follow_up",
        object_id=row.pk,
        reason=why,
        detail={
            "round": row.round_number,
            "since": row.tracing_since.isoformat() if row.tracing_since else "",
        },
    )
