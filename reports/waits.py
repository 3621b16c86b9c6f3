"""What waits for a decision of the reader: a few counts, each with the page where the next one is decided."""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.breaking_glass import may_decide
from accounts.models import BreakGlass, User
from accounts.permissions import Permission
from accounts.waiting import Wait
from audit.actions import Action
from audit.models import AuditEvent
from casework import retention
from casework.listing import erasures_asked
from casework.retaining.panels import panels_due_soon
from consent.models import Wording
from kernel import clock
from reports.digest import MADE_FAR_REACHING, WEEK
from reports.held import held_of
from reports.owing import Kind, owed_of
from reports.sought import sought_of
from reports.wanted import Wanted
from tracker.models import Respondent, Study
from tracker.models.respondents import Status
from vault import rotating


def waits_for(reader: User, now: datetime) -> tuple[Wait, ...]:
    """What waits for this reader, what people are owed first; in at most one query a line. Sees their teams only."""
    wanted = Wanted(reader=reader, now=now)
    return tuple(
        wait
        for permission, count in LINES
        if reader.may(permission) and (wait := count(wanted)) and wait.how_many
    )


def _erasures(wanted: Wanted) -> Wait:
    people = Respondent.objects.visible_to(wanted.reader).exclude(status=Status.ERASED)
    n = people.filter(audit_ref__in=erasures_asked()).count()
    sentence = ngettext(
        "%(n)s person asked to be erased, and still waits.",
        "%(n)s people asked to be erased, and still wait.",
        n,
    )
    url = reverse("casework:respondents", query={"status": "erasure_asked"})
    return Wait(n, sentence % {"n": n}, url, is_pressing=True)


def _sought(wanted: Wanted) -> Wait:
    n = sought_of(wanted).count()
    sentence = ngettext(
        "%(n)s person is looked for or needs another route.",
        "%(n)s people are looked for or need another route.",
        n,
    )
    return Wait(n, sentence % {"n": n}, reverse("reports:sought"))


def _holds(wanted: Wanted) -> Wait:
    n = held_of(wanted, None, only_due=True).count()
    sentence = ngettext(
        "%(n)s hold is due for a look: may calls go on?",
        "%(n)s holds are due for a look: may calls go on?",
        n,
    )
    return Wait(n, sentence % {"n": n}, reverse("reports:held", query={"due": "on"}))


def _wordings(wanted: Wanted) -> Wait:
    n = Wording.objects.waiting_for(wanted.reader).count()
    sentence = ngettext(
        "%(n)s wording that somebody else wrote waits for a second person’s yes.",
        "%(n)s wordings that somebody else wrote wait for a second person’s yes.",
        n,
    )
    return Wait(n, sentence % {"n": n}, reverse("consent:wordings"))


def _overdue(wanted: Wanted) -> Wait:
    n = owed_of(wanted, Kind.OVERDUE).count()
    sentence = ngettext(
        "%(n)s follow-up is past its day and still open.",
        "%(n)s follow-ups are past their day and still open.",
        n,
    )
    return Wait(n, sentence % {"n": n}, reverse("reports:owed", query={"kind": Kind.OVERDUE.value}))


def _glasses_to_decide(wanted: Wanted) -> Wait:
    waiting = BreakGlass.objects.visible_to(wanted.reader).undecided_at(wanted.now)
    n = sum(may_decide(wanted.reader, asked) for asked in waiting)
    sentence = ngettext(
        "%(n)s colleague asks to see another team, and waits for a second person’s yes.",
        "%(n)s colleagues ask to see another team, and wait for a second person’s yes.",
        n,
    )
    return Wait(n, sentence % {"n": n}, reverse("accounts:break_glass"), is_pressing=True)


def _glasses_to_review(wanted: Wanted) -> Wait:
    n = BreakGlass.objects.reviewable_by(wanted.reader).unreviewed_at(wanted.now).count()
    sentence = ngettext(
        "%(n)s exceptional sight of another team is over and to be reviewed.",
        "%(n)s exceptional sights of another team are over and to be reviewed.",
        n,
    )
    return Wait(n, sentence % {"n": n}, reverse("accounts:break_glass"))


def _contact_data_going(wanted: Wanted) -> Wait:
    n = len(panels_due_soon(wanted.now, Study.objects.visible_to(wanted.reader)))
    sentence = ngettext(
        "In 30 days or less the numbers and profiles of %(n)s study that is over are deleted. Take out the panel "
        "first.",
        "In 30 days or less the numbers and profiles of %(n)s studies that are over are deleted. Take out the panels "
        "first.",
        n,
    )
    return Wait(n, sentence % {"n": n}, reverse("tracker:studies"))


def _kept_too_long(wanted: Wanted) -> Wait:
    n = retention.overdue(wanted.now, wall=clock.wall())
    sentence = ngettext(
        "%(n)s thing has been kept for too long: the job that deletes does not get through.",
        "%(n)s things have been kept for too long: the job that deletes does not get through.",
        n,
    )
    return Wait(n, sentence % {"n": n}, reverse("reports:register"), is_pressing=True)


def _far_reaching_accounts(wanted: Wanted) -> Wait:
    """For a week: a second identity that somebody made for themselves must not go by on a free day."""
    n = AuditEvent.objects.since(wanted.now - WEEK).filter(MADE_FAR_REACHING).count()
    sentence = ngettext(
        "%(n)s account of an administrator, coordinator or officer was made or raised this week. Do you know them?",
        "%(n)s accounts of administrators, coordinators or officers were made or raised this week. Do you know them?",
        n,
    )
    return Wait(
        n, sentence % {"n": n}, reverse("reports:trail", query={"action": Action.STAFF_CREATED.value})
    )


def _not_final(wanted: Wanted) -> Wait:
    """Erased, and the change of keys that makes it final has not come when it should have."""
    people = Respondent.objects.visible_to(wanted.reader).filter(status=Status.ERASED)
    # Final is what was erased before the oldest key that is left was made.
    since = rotating.oldest_not_destroyed() or wanted.now
    late = people.filter(status_at__lt=rotating.overdue_before(wanted.now), status_at__gte=since)
    n = late.count()
    sentence = ngettext(
        "%(n)s erasure should be final by now: the keys were not changed.",
        "%(n)s erasures should be final by now: the keys were not changed.",
        n,
    )
    url = reverse("casework:respondents", query={"status": Status.ERASED.value})
    return Wait(n, sentence % {"n": n}, url, is_pressing=True)


LINES: tuple[tuple[Permission, Callable[[Wanted], Wait]], ...] = (
    (Permission.ERASE, _erasures),
    (Permission.REVIEW_TRAIL, _not_final),
    (Permission.LIFT_HOLDS, _holds),
    (Permission.APPROVE_WORDINGS, _wordings),
    (Permission.MOVE_WORK, _overdue),
    (Permission.MOVE_WORK, _sought),
    (Permission.EDIT_STUDIES, _contact_data_going),
    (Permission.SEE_REGISTER, _kept_too_long),
    (Permission.APPROVE_BREAK_GLASS, _glasses_to_decide),
    (Permission.REVIEW_BREAK_GLASS, _glasses_to_review),
    (Permission.REVIEW_TRAIL, _far_reaching_accounts),
)
