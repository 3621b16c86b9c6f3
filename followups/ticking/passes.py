"""The passes of the tick: each idempotent, in small transactions, safe to kill at any line and to run twice."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, QuerySet

from audit import trail
from audit.actions import Action
from followups import planning, queueing
from followups.calling import delivering
from followups.models import Appointment, Claim, FollowUp, WaitingCount
from followups.models.claims import ClaimEnd
from followups.models.follow_ups import LIVE, Ended, State
from followups.models.restraints import AppointmentState
from followups.rounds import code_of_round
from followups.scheduling.outcomes import Letter
from orientation import closing as orientation_closing

BATCH = 500
"""Rows a transaction: well under the 2,000 of the design, so that a claim on SQLite never waits long."""

Keep = Callable[[], bool]
"""Whether there is time for another batch."""


def open_windows(now: datetime, keep: Keep) -> int:
    """Issue everything whose window has opened; the moment of issue never changes."""
    return _in_batches(FollowUp.objects.due_to_open(now), keep, lambda rows: _issue(rows, now))


def release_claims(now: datetime, keep: Keep) -> int:
    """End the leases that ran out."""
    return Claim.objects.run_out(now).end(ClaimEnd.EXPIRED, now)


def close_windows(now: datetime, keep: Keep) -> int:
    """Close what is past its window as missed, with a reason, and plan what comes after; a live claim may finish."""
    claimed = Claim.objects.live(now).values("respondent")
    due = FollowUp.objects.due_to_close(now).exclude(respondent__in=claimed)
    return _in_batches(due, keep, lambda rows: _close(rows, now))


def look(now: datetime, keep: Keep) -> int:
    """Look at everything whose look time has come, and write when it is next ready or what it waits for."""
    # A row's next look is later than now, so that one pass never meets the same row twice.
    return _in_batches(FollowUp.objects.due_a_look(now), keep, lambda rows: _look(rows, now))


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
    ("looked_at", look),
    ("requests_expired", expire_requests),
    ("waiting_counted", count_waiting),
)


def _in_batches(due: QuerySet[FollowUp], keep: Keep, work: Callable[[list[FollowUp]], int]) -> int:
    """Work through the due rows, a batch a transaction. The rows are the cursor: what is done is no longer due."""
    done = 0
    while keep():
        with transaction.atomic():
            rows = _locked(due)
            if not rows:
                return done
            work(rows)
        done += len(rows)
    return done


def _locked(due: QuerySet[FollowUp]) -> list[FollowUp]:
    rows = due.with_facts().order_by("pk")  # type: ignore[attr-defined]
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return list(rows[:BATCH])


def _issue(rows: list[FollowUp], now: datetime) -> int:
    FollowUp.objects.filter(pk__in=[one.pk for one in rows], state=State.PLANNED).update(
        state=State.OPEN, issued_at=now, look_at=now
    )
    return len(rows)


def _look(rows: list[FollowUp], now: datetime) -> int:
    return queueing.look(rows, now=now)


def _close(rows: list[FollowUp], now: datetime) -> int:
    reasons: Counter[str] = Counter()
    for one in rows:
        reasons[_close_one(one, now)] += 1
    trail.record(Action.FOLLOW_UP_MISSED, by=None, at=now, detail=dict(reasons))
    return len(rows)


def _close_one(row: FollowUp, now: datetime) -> str:
    final = code_of_round(row)
    is_interview = final.letter in (Letter.COMPLETE, Letter.PARTIAL)
    is_capped = row.attempts_made >= row.rule.attempt_cap
    ended = "" if is_interview else (Ended.CAP_REACHED if is_capped else Ended.WINDOW_CLOSED)
    FollowUp.objects.filter(pk=row.pk, state__in=LIVE).update(
        state=State.DONE if is_interview else State.MISSED, ended=ended, closed_at=row.closes_at, aapor=final.aapor,
        letter=final.letter, look_at=None, ready_from=None, ready_until=None, waiting_for="",
    )  # fmt: skip
    Appointment.objects.open().filter(follow_up=row).update(state=AppointmentState.MISSED)
    planning.plan_next(enrolment=row.enrolment, now=now)
    return str(ended or "done")
