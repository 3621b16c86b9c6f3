"""After an old copy of the main database was put back: whoever was erased since is erased again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from casework import erasing
from casework.receipts import Grade
from followups.models.follow_ups import Ended
from followups.stopping import close_follow_ups
from tracker.models import ContactPoint, Respondent
from tracker.models.respondents import Status
from vault.models import SubjectKey

PAGE = 500
FEW = 20
SHARE = 0.05
"""More than a few, and more than one in twenty: then the vault belongs to another panel, and nobody is erased."""


@dataclass(frozen=True, slots=True)
class ErasedAgain:
    """How many people have sealed values and no key, and whether they were erased again."""

    without_key: int
    is_done: bool


def erase_again(*, now: datetime) -> ErasedAgain:
    """Erase everyone whose key is gone, since their wish was carried out after the copy was made.

    Nothing of them could be opened; but the copy says they take part, and has their profile and the link to answers.
    """
    sealed = _with_sealed_values().count()
    gone = list(_without_key())
    if len(gone) > max(FEW, sealed * SHARE):
        return ErasedAgain(len(gone), is_done=False)
    for person in gone:
        with transaction.atomic():
            close_follow_ups(respondent=person, ended=Ended.ERASED, now=now)
        erasing.erase(respondent=person, grade=Grade.ERASE_ALL, by=None, now=now)
    return ErasedAgain(len(gone), is_done=True)


def _with_sealed_values() -> Any:
    numbers = ContactPoint.objects.filter(respondent=OuterRef("pk"), value__isnull=False)
    people = Respondent.objects.exclude(status=Status.ERASED)
    return people.filter(Q(ask_for__isnull=False) | Exists(numbers)).order_by("pk")


def _without_key() -> Iterator[Respondent]:
    after = None
    while True:
        people = _with_sealed_values()
        page = list((people.filter(pk__gt=after) if after else people)[:PAGE])
        keyed = set(
            SubjectKey.objects.filter(subject__in=[one.pk for one in page]).values_list("subject", flat=True)
        )
        yield from (one for one in page if one.pk not in keyed)
        if len(page) < PAGE:
            return
        after = page[-1].pk
