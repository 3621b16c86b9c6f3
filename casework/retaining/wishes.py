"""Wishes to be erased that nobody carried out: after a month the numbers, the words and the key go all the same."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from audit.actions import Action
from audit.models import AuditEvent
from casework import erasing
from casework.receipts import Grade
from casework.retaining.slices import Worked, one_by_one
from casework.retaining.terms import WISH_DAYS
from casework.withdrawing import grade_asked_for
from kernel.budgets import Keep
from tracker.models import ContactPoint, Respondent
from tracker.models.respondents import Status


def wishes_waiting(now: datetime) -> Any:
    """Everyone who asked to be erased over a month ago and is not."""
    asked = AuditEvent.objects.filter(action=Action.ERASE_REQUESTED, at__lte=now - timedelta(days=WISH_DAYS))
    return Respondent.objects.filter(audit_ref__in=asked.values("audit_ref")).exclude(status=Status.ERASED)


def wishes_due(now: datetime) -> Any:
    """Those of them the job carries out: all, but for who asked for everything and has nothing left that identifies."""
    waiting = wishes_waiting(now)
    numbers = ContactPoint.objects.filter(respondent=OuterRef("pk"))
    identified = set(waiting.filter(Q(ask_for__isnull=False) | Exists(numbers)).values_list("pk", flat=True))
    due = [one.pk for one in waiting if one.pk in identified or grade_asked_for(one) != Grade.ERASE_ALL]
    return Respondent.objects.filter(pk__in=due)


def carry_out(now: datetime, keep: Keep) -> Worked:
    """Erase whoever asked to have their numbers erased; of who asked for everything, what identifies them."""
    return one_by_one(wishes_due(now), keep, lambda person: _grant(person, now))


def _grant(person: Respondent, now: datetime) -> None:
    """To erase everything tells codes that have to be deleted in the survey tool: that part waits for a person."""
    if grade_asked_for(person) == Grade.ERASE_ALL:
        erasing.destroy_contact(respondent=person, now=now)
    else:
        erasing.erase(respondent=person, grade=Grade.ERASE_IDENTIFIERS, by=None, now=now)
