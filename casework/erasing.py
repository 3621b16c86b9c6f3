"""Erasing a respondent: keys first, then every sealed value, number and link; a code is left as a tombstone."""

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

from django.db import models, transaction

from accounts.models import Gender, User
from audit import trail
from audit.actions import Action
from casework.receipts import Destroyed, Grade
from followups.models import Attempt, FollowUp
from kernel.holdings import first_party_models
from orientation import closing
from tracker.models import ContactPoint, Respondent, SourceCase, Transition
from tracker.models.respondents import Status, ZoneSource
from tracker.profile import AgeBand, NationalityGroup, Route, Sex
from tracker.stages import Stage
from vault import subject_keys
from vault.fields import SealedField
from vault.subject_keys import ShredCounts


def erase(*, respondent: Respondent, grade: Grade, by: User, now: datetime) -> Destroyed:
    """Destroy what identifies the respondent, and for `ERASE_ALL` also what narrows down and the link to answers.

    Needs no key, so it works with the vault locked; twice is no error. A step of withdrawing, which has stopped contact
    before. Final once the vault's epoch key was replaced: until then a backup of the vault could open older backups.
    """
    tokens = _survey_tokens(respondent) if grade == Grade.ERASE_ALL else ()
    shredded = subject_keys.shred(respondent.pk, now=now)
    with transaction.atomic():
        current = Respondent.objects.select_for_update(no_key=True).get(pk=respondent.pk)
        closing.erase(respondent=respondent, by=by, now=now)
        sealed = _empty_sealed_values(current)
        numbers = ContactPoint.objects.filter(respondent=current).delete()[0]
        _cut_links(current, grade)
        destroyed = Destroyed(numbers, sealed, shredded.keys, tokens)
        _leave_trace(current, grade, destroyed, shredded, by, now)
        Respondent.objects.filter(pk=current.pk).update(**_tombstone(current, grade, now))
    # A number that was being added meanwhile may have left a line in the index; nothing is there any more to open it.
    subject_keys.shred(respondent.pk, now=now)
    respondent.refresh_from_db()
    return destroyed


def sealed_fields() -> Iterator[tuple[type[models.Model], SealedField]]:
    """Every sealed field of every model of this project."""
    for model in first_party_models():
        for field in model._meta.local_fields:
            if isinstance(field, SealedField):
                yield model, field


def _empty_sealed_values(respondent: Respondent) -> int:
    """Null every value sealed under this respondent's key, wherever it stands; how many held something."""
    emptied = 0
    for model, field in sealed_fields():
        subject = field.subject.replace(".", "__")
        rows = model._base_manager.filter(**{subject: respondent.pk, f"{field.name}__isnull": False})
        emptied += rows.update(**{field.name: None})
    return emptied


def _survey_tokens(respondent: Respondent) -> tuple[str, ...]:
    """The codes under which interviews lie in the survey tool; they are told once, so that those can be deleted."""
    tokens = (
        Attempt.objects.filter(respondent=respondent)
        .order_by("started_at")
        .values_list("survey_token", flat=True)
    )
    return tuple(str(token) for token in tokens)


def _cut_links(respondent: Respondent, grade: Grade) -> None:
    # The rows of imported lists stay, without the person: they keep the same list from enrolling them again.
    SourceCase.objects.filter(respondent=respondent).update(respondent=None)
    if grade != Grade.ERASE_ALL:
        return
    Transition.objects.filter(respondent=respondent).delete()
    FollowUp.objects.of(respondent).update(
        stage=Stage.UNKNOWN.value, language="", caller_gender=Gender.NOT_SAID
    )
    for attempt_id in Attempt.objects.filter(respondent=respondent).values_list("pk", flat=True):
        Attempt.objects.filter(pk=attempt_id).update(survey_token=uuid4())


def _tombstone(respondent: Respondent, grade: Grade, now: datetime) -> dict[str, object]:
    """What is left of the row: the code, the team, the month they came and perhaps the coarse profile."""
    left: dict[str, object] = {"status": Status.ERASED, "audit_ref": None, "usual_enumerator": None}
    if respondent.status != Status.ERASED:
        left["status_at"] = now
    return left | (_nothing_said(respondent) if grade == Grade.ERASE_ALL else {})


def _nothing_said(respondent: Respondent) -> dict[str, object]:
    """Every quasi-identifying column at its emptiest value."""
    return {
        "language": "",
        "caller_gender": Gender.NOT_SAID,
        "country": "",
        "zones": [],
        "zone_source": ZoneSource.COUNTRY,
        "stage": Stage.UNKNOWN.value,
        "stage_since": datetime.combine(
            respondent.created_month, datetime.min.time(), tzinfo=respondent.status_at.tzinfo
        ),
        "age_band": AgeBand.NOT_SAID,
        "sex": Sex.NOT_SAID,
        "nationality_group": NationalityGroup.NOT_SAID,
        "route": Route.NOT_SAID,
        "baseline_country": "",
    }


def _leave_trace(
    respondent: Respondent, grade: Grade, destroyed: Destroyed, shredded: ShredCounts, by: User, now: datetime
) -> None:
    trail.record(
        Action.RESPONDENT_ERASED,
        by=by,
        at=now,
        audit_ref=respondent.audit_ref,
        object_type="respondent",
        detail={
            "grade": grade.value,
            "numbers": destroyed.numbers,
            "sealed_values": destroyed.sealed_values,
            "keys": destroyed.keys,
            # Names of keys, which are no secret: the erasure is final when these are destroyed. With colons: eight
            # digits in a row would look like a phone number, and the trail takes none.
            "final_after": sorted(key.hex(":") for key in shredded.kek_ids),
        },
    )
