"""What waits for the officer's review: looks of which one is one too many, and weeks that nobody has reviewed."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.waiting import Wait
from audit import reviewing
from audit.reviewing import Waiting
from reports.digest import ALARMS, COUNTED, KINDS, PRESSING

LABELS = {name: label for name, label, *_rest in KINDS}
ALARMING = frozenset(name for name, *_rest, action in KINDS if action in ALARMS)


def looks_to_review(now: datetime) -> tuple[Wait, ...]:
    """Looks that wait until a review of their week has had them before it, alarms first; and weeks without a review."""
    found = reviewing.waiting(PRESSING, COUNTED, now)
    return (*(_wait(one) for one in sorted(found, key=lambda one: one.kind not in ALARMING)), *_weeks(now))


def _wait(one: Waiting) -> Wait:
    return Wait(
        one.how_many,
        _("%(n)s to review: %(what)s") % {"n": one.how_many, "what": LABELS[one.kind]},
        reverse("reports:review", query={"week": one.week.isoformat()}),
        is_pressing=one.kind in ALARMING,
    )


def _weeks(now: datetime) -> tuple[Wait, ...]:
    due = reviewing.weeks_due(now)
    if not due:
        return ()
    n = len(due)
    sentence = ngettext(
        "The looks of %(n)s week wait for your review.", "The looks of %(n)s weeks wait for your review.", n
    )
    return (Wait(n, sentence % {"n": n}, reverse("reports:review", query={"week": due[0].isoformat()})),)
