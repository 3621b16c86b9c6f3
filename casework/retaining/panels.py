"""Which studies are over for how long, and whose contact data and profile go with them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from audit.actions import Action
from audit.models import AuditEvent
from casework import erasing
from casework.receipts import Grade
from casework.retaining.slices import Worked, one_by_one
from casework.retaining.terms import IN_NO_STUDY_DAYS, WARNING_DAYS, contact_due_at, is_soon, panel_ended_at
from consent import asking
from consent.folding import Decision
from consent.models import LedgerEntry
from consent.purposes import Purpose
from followups.models import Claim
from followups.models.follow_ups import Ended
from followups.stopping import close_follow_ups
from kernel.budgets import Keep
from orientation import closing
from orientation.models import OrientationRequest
from tracker.models import Enrolment, Respondent, Study
from tracker.models.respondents import Status

AFTER_STUDY = Purpose.RECONTACT_AFTER_STUDY
CHANGES = (Action.STUDY_CHANGED, Action.ROUND_CHANGED)
"""What moves the day: the dates of a round, the days that are kept, closing and opening."""


@dataclass(frozen=True, slots=True)
class PanelTerm:
    """One study and when the contact data of its people goes; None while it goes on."""

    study_id: UUID
    code: str
    due_at: datetime | None


def terms_of_panels(studies: QuerySet[Study] | None = None) -> list[PanelTerm]:
    """Every study with its term, in two queries."""
    read = (Study.objects.all() if studies is None else studies).annotate(last_on=Max("rounds__closes_on"))
    columns = ("pk", "code", "closed_at", "last_on", "contact_retention_days")
    rows = [
        (pk, code, panel_ended_at(closed_at, last_on), days)
        for pk, code, closed_at, last_on, days in read.order_by("code").values_list(*columns)
    ]
    changed = _last_changes({pk for pk, _code, ended, _days in rows if ended})
    return [
        PanelTerm(pk, code, contact_due_at(ended, days, changed.get(pk)) if ended else None)
        for pk, code, ended, days in rows
    ]


def _last_changes(ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When somebody last changed each of these studies, as the trail has it."""
    told = AuditEvent.objects.filter(action__in=CHANGES, object_type="study", object_id__in=ids).order_by()
    return dict(told.values_list("object_id").annotate(last=Max("at"))) if ids else {}


def panels_due(now: datetime) -> set[UUID]:
    """The studies whose people's contact data has been kept for long enough."""
    return {term.study_id for term in terms_of_panels() if term.due_at and term.due_at <= now}


def panels_due_soon(now: datetime, studies: QuerySet[Study] | None = None) -> list[PanelTerm]:
    """The studies somebody should know of: in at most 30 days it goes by itself."""
    return [term for term in terms_of_panels(studies) if term.due_at and is_soon(term.due_at, now)]


def people_due(now: datetime) -> Any:
    """Everyone all of whose studies are over for long enough, and of whom something is still held.

    Whoever is in no study at all goes half a year after their standing last changed: no closing will come for them.

    A person who waits for a partner's answer is not cut off in the middle: a request ends by itself within 90 days, and
    they go then. Nor is anybody in a call, or was anybody enrolled a moment ago in a study that was over. A hold delays
    nothing: to delete a number endangers nobody.
    """
    due = panels_due(now)
    mine = Enrolment.objects.filter(respondent=OuterRef("pk"))
    asking_for_help = OrientationRequest.objects.open().filter(respondent=OuterRef("pk"))
    in_a_call = Claim.objects.live(now).filter(respondent=OuterRef("pk"))
    are_over = Q(
        Exists(mine.filter(study__in=due)),
        ~Exists(mine.exclude(study__in=due)),
        ~Exists(mine.filter(at__gt=now - timedelta(days=WARNING_DAYS))),
    )
    in_none = Q(~Exists(mine), status_at__lte=now - timedelta(days=IN_NO_STUDY_DAYS))
    return (
        Respondent.objects.filter(are_over | in_none)
        .exclude(status=Status.ERASED, language="")
        .exclude(Exists(asking_for_help) | Exists(in_a_call))
    )


def wanting_contact_after(people: Collection[UUID], now: datetime) -> set[UUID]:
    """Those of them who agreed to be contacted after the study; their yes runs out by itself."""
    ids = set(
        LedgerEntry.objects.of(list(people))
        .filter(purpose=AFTER_STUDY, decision=Decision.GRANTED.value, expires_at__gt=now)
        .values_list("respondent_id", flat=True)
    )
    stands = asking.consents_of(ids, now=now) if ids else {}
    return {one for one, consents in stands.items() if consents.permits(AFTER_STUDY)}


def forget_people(now: datetime, keep: Keep) -> Worked:
    """Let the contact data and the profile of everyone due go; works with the vault locked."""
    closing.expire_due(now=now)
    return one_by_one(
        people_due(now),
        keep,
        lambda person: forget(person, now),
        spared=lambda page: wanting_contact_after([one.pk for one in page], now),
    )


def forget(person: Respondent, now: datetime) -> None:
    """One person; nothing happens when a study of theirs was opened again, or got a round, since they were found."""
    if not people_due(now).filter(pk=person.pk).exists():
        return
    with transaction.atomic():
        close_follow_ups(respondent=person, ended=Ended.STUDY_CLOSED, now=now)
    erasing.erase(respondent=person, grade=Grade.ERASE_IDENTIFIERS, by=None, now=now, profile_too=True)


def count_people(now: datetime) -> int:
    """How many are due."""
    ids = list(people_due(now).values_list("pk", flat=True))
    return len(ids) - sum(
        len(wanting_contact_after(ids[start : start + 500], now)) for start in range(0, len(ids), 500)
    )
