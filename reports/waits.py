"""What waits for a decision of the reader: a few counts, each with the page where the next one is decided."""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.permissions import Permission
from accounts.waiting import Wait
from casework.listing import erasures_asked
from consent.models import Wording
from reports.digest import DigestLine
from reports.held import held_of
from reports.owing import Kind, owed_of
from reports.wanted import Wanted
from tracker.models import Respondent
from tracker.models.respondents import Status


def waits_for(reader: User, now: datetime) -> tuple[Wait, ...]:
    """What waits for this reader, what people are owed first; in at most one query a line. Sees their teams only."""
    wanted = Wanted(reader=reader, now=now)
    return tuple(
        wait
        for permission, count in LINES
        if reader.may(permission) and (wait := count(wanted)) and wait.how_many
    )


def looks_to_review(lines: tuple[DigestLine, ...]) -> tuple[Wait, ...]:
    """The lines of the digest of which one in a day is one too many."""
    return tuple(
        Wait(
            line.in_a_day,
            _("%(n)s in the last 24 hours: %(what)s") % {"n": line.in_a_day, "what": line.label},
            reverse("reports:trail", query={"action": line.action.value}),
        )
        for line in lines
        if line.needs_a_look and line.in_a_day
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


LINES: tuple[tuple[Permission, Callable[[Wanted], Wait]], ...] = (
    (Permission.ERASE, _erasures),
    (Permission.LIFT_HOLDS, _holds),
    (Permission.APPROVE_WORDINGS, _wordings),
    (Permission.MOVE_WORK, _overdue),
)
