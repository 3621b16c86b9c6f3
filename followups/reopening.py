"""What is owed to somebody who comes to us: the interview that may be made from now on, and none before its time."""

from datetime import datetime, timedelta

from audit import trail
from audit.actions import Action
from followups import planning, tracing
from followups.models import FollowUp
from followups.models.follow_ups import LIVE, State
from followups.scheduling import planning as windows
from followups.scheduling.planning import Window
from tracker.models import Enrolment, Respondent
from tracker.models.studies import StudyKind

DAY = timedelta(days=1)


def open_to(*, respondent: Respondent, now: datetime) -> FollowUp | None:
    """The interview that can be made from now on, the window that closes first; None where none is owed yet.

    Who was counted as lost is not any more. After a missed interview the next one may be made from today, for its full
    late part; after one that was made the next one keeps its day. Nothing is planned at a stage where nobody is called.
    A step of other use cases, who hold the person still.
    """
    tracing.come_back(respondent)
    owed = [_owed_now(one, now) for one in planning.enrolments_of([respondent.pk])]
    usable = [row for row in owed if row is not None and (row.state in LIVE or row.opens_at <= now)]
    return min(usable, key=lambda row: row.closes_at, default=None)


def _owed_now(enrolment: Enrolment, now: datetime) -> FollowUp | None:
    row = planning.plan_next(enrolment=enrolment, now=now)
    if row is None or row.state in LIVE:
        return row
    if row.opens_at <= now:
        return _issued(row, enrolment, now)
    last = FollowUp.objects.filter(enrolment=enrolment, round_number__lt=row.round_number).first()
    is_missing = last is not None and last.state == State.MISSED
    return _brought_forward(row, enrolment, now) if is_missing else row


def _brought_forward(row: FollowUp, enrolment: Enrolment, now: datetime) -> FollowUp:
    """The same follow-up with a window that is open now; the dates of a wave are nobody's to move."""
    if enrolment.study.kind == StudyKind.CALENDAR:
        return row
    rule = row.rule.as_stage_rule()
    window = windows.plan_next(
        rule,
        anchor_at=now - (rule.interval(1) + 1) * DAY,
        zone_name=enrolment.respondent.likeliest_zone,
        nth=1,
        now=now,
    )
    if isinstance(window, Window):
        dates = {"opens_at": window.opens_at, "due_at": window.due_at, "closes_at": window.closes_at}
        FollowUp.objects.filter(pk=row.pk, state=State.PLANNED).update(**dates)
        return _issued(row, enrolment, now)
    return row


def _issued(row: FollowUp, enrolment: Enrolment, now: datetime) -> FollowUp:
    """Opened at once: a plan made again meanwhile moves what is planned, and never what is open."""
    planned = FollowUp.objects.filter(pk=row.pk, state=State.PLANNED)
    if planned.update(state=State.OPEN, issued_at=now, look_at=now):
        row.refresh_from_db()
        _leave_trace(row, enrolment, now)
    return row


def _leave_trace(row: FollowUp, enrolment: Enrolment, now: datetime) -> None:
    planning.tell_planned(row, enrolment, now)
    trail.record(Action.FOLLOW_UP_OPENED, by=None, at=now, detail={"which": [str(row.pk)]})
