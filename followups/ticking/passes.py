"""The passes of the tick: each idempotent, in small transactions, safe to kill at any line and to run twice."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from audit import trail
from audit.actions import Action
from followups import beginning, ending, planning, queueing, tracing
from followups.calling import delivering, leases
from followups.models import Claim, FollowUp
from followups.models.follow_ups import State
from followups.ticking import closed_studies, replannings, rounds_named, waiting_counts
from followups.ticking.batches import Due, in_batches
from kernel.budgets import Keep, for_seconds
from kernel.statements import statement
from orientation import closing as orientation_closing
from orientation.models import OrientationRequest
from tracker.models import Round
from tracker.models.studies import StudyKind

A_WHILE_SECONDS = 5
TO_OPEN = Due(lambda now: FollowUp.objects.due_to_open(now), since="opens_at")
# Past its window it is closed, not looked at, also while closing waits.
TO_LOOK_AT = Due(lambda now: FollowUp.objects.due_a_look(now).filter(closes_at__gt=now), since="look_at")
TO_CLOSE = Due(
    lambda now: FollowUp.objects.due_to_close(now).exclude(
        respondent__in=Claim.objects.live(now).values("respondent")
    ),
    since="closes_at",
)


def open_windows(now: datetime, keep: Keep) -> int:
    """Issue everything whose window has opened; the moment of issue never changes."""
    return in_batches(TO_OPEN, now, keep, lambda rows: _issue(rows, now))


def release_claims(now: datetime, keep: Keep) -> int:
    """End the leases that ran out."""
    return leases.expire(Claim.objects.all(), now) if _run_out(now) else 0


def close_windows(now: datetime, keep: Keep) -> int:
    """Close what is past its window as missed, with a reason, and plan what comes after; a live claim may finish."""
    return in_batches(TO_CLOSE, now, keep, lambda rows: _close(rows, now))


def plan_rounds(now: datetime, keep: Keep) -> int:
    """Plan those of calendar studies whose next round got its dates after their last one."""
    return rounds_named.plan_named(now, keep)


def look(now: datetime, keep: Keep) -> int:
    """Look at everything whose look time has come, and write when it is next ready or what it waits for."""
    # A row's next look is later than now, so that one pass never meets the same row twice.
    return in_batches(TO_LOOK_AT, now, keep, lambda rows: _look(rows, now))


def a_while(keep: Keep) -> Keep:
    """A part of the time, so that what concerns a whole panel keeps nobody else waiting."""
    own = for_seconds(A_WHILE_SECONDS)
    return lambda: keep() and own()


def begin_spans(now: datetime, keep: Keep) -> int:
    """Put into the queue what was found ready for later and whose time has come."""
    begun = 0
    while keep() and (some := beginning.begin(now=now)):
        begun += some
        if some < beginning.AT_ONCE:
            break
    return begun


def cancel_orders(now: datetime, keep: Keep) -> int:
    """Cancel call orders that nobody placed in time."""
    return delivering.cancel_old(now=now)


def expire_requests(now: datetime, keep: Keep) -> int:
    """Close orientation requests whose time is over."""
    return orientation_closing.expire_due(now=now) if _requests_over(now) else 0


PASSES: tuple[tuple[str, Callable[[datetime, Keep], int]], ...] = (
    ("claims_released", release_claims),
    ("orders_cancelled", cancel_orders),
    # Before windows open: whoever is to be called later, or for nothing any more, is not issued by the dates of before.
    ("studies_ended", lambda now, keep: closed_studies.end_closed(now, a_while(keep))),
    ("replanned", lambda now, keep: replannings.move_planned(now, a_while(keep))),
    ("opened", open_windows),
    ("closed", close_windows),
    ("planned", plan_rounds),
    # What follows a window that was missed long ago may be open already.
    ("opened_next", open_windows),
    ("looked_at", look),
    ("begun", begin_spans),
    ("requests_expired", expire_requests),
    ("waiting_counted", waiting_counts.count_waiting),
)


@statement
def _run_out(now: datetime) -> QuerySet[Claim, Any]:
    return Claim.objects.run_out(now).order_by("expires_at").values_list("pk")[:1]


@statement
def _requests_over(now: datetime) -> QuerySet[OrientationRequest, Any]:
    return OrientationRequest.objects.over_at(now).values_list("pk")[:1]


def _issue(rows: list[FollowUp], now: datetime) -> int:
    FollowUp.objects.filter(pk__in=[one.pk for one in rows], state=State.PLANNED).update(
        state=State.OPEN, issued_at=now, look_at=now
    )
    _freeze_rounds(rows, now)
    trail.record(Action.FOLLOW_UP_OPENED, by=None, at=now, detail={"which": [str(one.pk) for one in rows]})
    return len(rows)


def _freeze_rounds(rows: list[FollowUp], now: datetime) -> None:
    """In a calendar study the dates of a round stay as they are once somebody was issued in it."""
    for study, number in {(one.enrolment.study, one.round_number) for one in rows}:
        if study.kind == StudyKind.CALENDAR:
            Round.objects.filter(study=study, number=number, frozen_at=None).update(frozen_at=now)


def _look(rows: list[FollowUp], now: datetime) -> int:
    looked = queueing.look(rows, now=now)
    tracing.begin_where_needed(rows, now)
    return looked


def _close(rows: list[FollowUp], now: datetime) -> int:
    which: dict[str, list[str]] = defaultdict(list)
    for one in rows:
        which[_close_one(one, now)].append(str(one.pk))
    counts = {reason: len(closed) for reason, closed in which.items()}
    trail.record(Action.FOLLOW_UP_MISSED, by=None, at=now, detail={**counts, "which": which})
    return len(rows)


def _close_one(row: FollowUp, now: datetime) -> str:
    ended = ending.close_window(row)
    row.enrolment.respondent = row.respondent
    tracing.give_up(row, ended, now)
    tracing.carry_on(was=row, planned=planning.plan_next(enrolment=row.enrolment, now=now))
    return str(ended or "done")
