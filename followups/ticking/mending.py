"""Mends what a clock that was ahead has written, once it shows an earlier moment again. Safe to repeat and to kill."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from audit import trail
from audit.actions import Action
from followups.calling.claiming import LEASE
from followups.models import Appointment, Attempt, Claim, FollowUp
from followups.models.follow_ups import State, resting_columns
from followups.ticking.batches import BATCH
from tracker.models import Round

LONGEST_LEASE = timedelta(hours=12)
"""No lease lasts so long: one that does was given, or made longer, by the clock that was wrong."""


def mend(now: datetime, *, was_ahead: bool) -> dict[str, int]:
    """Put back what only a wrong clock brought about; how many rows of each kind. What people did stays.

    Windows are touched only where the clock is known to have been ahead. One that has merely gone back may be wrong
    now: then it is enough that whoever waits is looked at again, and that no lease lasts.
    """
    counts = {
        **(_mend_windows(now) if was_ahead else {}),
        "looks_put_off": _in_slices(_put_off(now), lambda rows: rows.update(look_at=now)),
        "leases": _shorten(now),
    }
    trail.record(Action.TICKED, by=None, at=now, reason="clock_came_back", detail=counts)
    return counts


def _mend_windows(now: datetime) -> dict[str, int]:
    Round.objects.filter(frozen_at__gt=now).update(frozen_at=None)
    return {
        "rounds_made_early": _in_slices(_made_early(now), lambda rows: rows.delete()[0]),
        "windows_opened_early": _in_slices(_opened_early(now), _take_back),
        "windows_closed_early": _in_slices(_closed_early(now), lambda rows: _open_again(rows, now)),
    }


def _in_slices(rows: Any, work: Any) -> int:
    """Do `work` on a slice a transaction: what is done is no longer found."""
    done = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            found = work(FollowUp.objects.filter(pk__in=keys))
        done += found
        if not found:
            break
    return done


def _untouched(rows: Any) -> Any:
    """Those that nobody was ever offered."""
    return rows.filter(
        ~Exists(Attempt.objects.filter(follow_up=OuterRef("pk"))),
        ~Exists(Claim.objects.filter(follow_up=OuterRef("pk"))),
    )


def _made_early(now: datetime) -> Any:
    """Issued and missed before their window opens: a clock months ahead goes through several rounds."""
    ahead = FollowUp.objects.filter(state=State.MISSED, opens_at__gt=now, issued_at__gt=now)
    return _untouched(ahead.filter(~Exists(Appointment.objects.filter(follow_up=OuterRef("pk")))))


def _opened_early(now: datetime) -> Any:
    """Issued by the wrong clock; those whose day has come are issued again at once, unless one before them goes on."""
    return _untouched(FollowUp.objects.live().filter(issued_at__gt=now))


def _take_back(rows: Any) -> int:
    """Planned again, as if the tick had never opened them: by the right clock it never did."""
    return rows.update(**{**resting_columns(None), "state": State.PLANNED}, issued_at=None, waiting_for="")


def _closed_early(now: datetime) -> Any:
    """Missed at the end of a window that is not over; a later interview nobody has begun on gives way."""
    begun = FollowUp.objects.filter(enrolment=OuterRef("enrolment")).live()
    return FollowUp.objects.filter(state=State.MISSED, closed_at=F("closes_at"), closes_at__gt=now).filter(
        ~Exists(begun)
    )


def _open_again(rows: Any, now: datetime) -> int:
    FollowUp.objects.filter(enrolment__in=rows.values("enrolment"), state=State.PLANNED).delete()
    none = {"ended": "", "aapor": "", "letter": "", "closed_at": None}
    return rows.update(**resting_columns(now), **none)


def _put_off(now: datetime) -> Any:
    """Everything live that is to be looked at later: whoever said so may have gone by the wrong clock."""
    return FollowUp.objects.live().filter(look_at__gt=now)


def _shorten(now: datetime) -> int:
    """A lease that would hold a person and their caller for days ends in its usual time; a call may be finished."""
    unended = Claim.objects.filter(ended_at=None)
    long = unended.filter(expires_at__gt=now + LONGEST_LEASE) | unended.filter(claimed_at__gt=now)
    return long.exclude(expires_at__lte=now + LEASE).update(expires_at=now + LEASE)
