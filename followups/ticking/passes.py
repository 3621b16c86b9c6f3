"""The passes of the tick: each idempotent, in small transactions, safe to kill at any line and to run twice."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from audit import trail
from audit.actions import Action
from followups import ending, planning, queueing
from followups.calling import delivering
from followups.models import Claim, FollowUp, WaitingCount
from followups.models.claims import ClaimEnd
from followups.models.follow_ups import State
from followups.ticking import rounds_named
from followups.ticking.batches import Keep, in_batches
from orientation import closing as orientation_closing
from tracker.models import Round
from tracker.models.studies import StudyKind


def open_windows(now: datetime, keep: Keep) -> int:
    """Issue everything whose window has opened; the moment of issue never changes."""
    return in_batches(FollowUp.objects.due_to_open(now), keep, lambda rows: _issue(rows, now))


def release_claims(now: datetime, keep: Keep) -> int:
    """End the leases that ran out."""
    return Claim.objects.run_out(now).end(ClaimEnd.EXPIRED, now)


def close_windows(now: datetime, keep: Keep) -> int:
    """Close what is past its window as missed, with a reason, and plan what comes after; a live claim may finish."""
    claimed = Claim.objects.live(now).values("respondent")
    due = FollowUp.objects.due_to_close(now).exclude(respondent__in=claimed)
    return in_batches(due, keep, lambda rows: _close(rows, now))


def plan_rounds(now: datetime, keep: Keep) -> int:
    """Plan those of calendar studies whose next round got its dates after their last one."""
    return rounds_named.plan_named(now)


def look(now: datetime, keep: Keep) -> int:
    """Look at everything whose look time has come, and write when it is next ready or what it waits for."""
    # A row's next look is later than now, so that one pass never meets the same row twice.
    return in_batches(FollowUp.objects.due_a_look(now), keep, lambda rows: _look(rows, now))


def cancel_orders(now: datetime, keep: Keep) -> int:
    """Cancel call orders that nobody placed in time."""
    return delivering.cancel_old(now=now)


def expire_requests(now: datetime, keep: Keep) -> int:
    """Close orientation requests whose time is over."""
    return orientation_closing.expire_due(now=now)


def count_waiting(now: datetime, keep: Keep) -> int:
    """Write how many wait for what, per team and language."""
    counted = (
        FollowUp.objects.live()
        .exclude(waiting_for="")
        .values_list("team", "language", "waiting_for")
        .annotate(how_many=Count("pk"))
    )
    rows = [
        WaitingCount(team_id=team, language=language, reason=reason, how_many=how_many, counted_at=now)
        for team, language, reason, how_many in counted.order_by()
    ]
    with transaction.atomic():
        WaitingCount.objects.all().delete()
        WaitingCount.objects.bulk_create(rows)
    return len(rows)


PASSES: tuple[tuple[str, Callable[[datetime, Keep], int]], ...] = (
    ("claims_released", release_claims),
    ("orders_cancelled", cancel_orders),
    ("opened", open_windows),
    ("closed", close_windows),
    ("planned", plan_rounds),
    # What follows a window that was missed long ago may be open already.
    ("opened_next", open_windows),
    ("looked_at", look),
    ("requests_expired", expire_requests),
    ("waiting_counted", count_waiting),
)


def _issue(rows: list[FollowUp], now: datetime) -> int:
    FollowUp.objects.filter(pk__in=[one.pk for one in rows], state=State.PLANNED).update(
        state=State.OPEN, issued_at=now, look_at=now
    )
    _freeze_rounds(rows, now)
    return len(rows)


def _freeze_rounds(rows: list[FollowUp], now: datetime) -> None:
    """In a calendar study the dates of a round stay as they are once somebody was issued in it."""
    for study, number in {(one.enrolment.study, one.round_number) for one in rows}:
        if study.kind == StudyKind.CALENDAR:
            Round.objects.filter(study=study, number=number, frozen_at=None).update(frozen_at=now)


def _look(rows: list[FollowUp], now: datetime) -> int:
    return queueing.look(rows, now=now)


def _close(rows: list[FollowUp], now: datetime) -> int:
    reasons: Counter[str] = Counter()
    for one in rows:
        reasons[_close_one(one, now)] += 1
    trail.record(Action.FOLLOW_UP_MISSED, by=None, at=now, detail=dict(reasons))
    return len(rows)


def _close_one(row: FollowUp, now: datetime) -> str:
    ended = ending.close_window(row)
    planning.plan_next(enrolment=row.enrolment, now=now)
    return str(ended or "done")
