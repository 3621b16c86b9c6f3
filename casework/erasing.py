"""Erasing a respondent: keys first, then every sealed value, number and link; a code is left as a tombstone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4

from django.db import models, transaction

from accounts.models import Gender, User
from audit import trail
from audit.actions import Action
from casework.receipts import Destroyed, Grade
from followups.models import Attempt, FollowUp, Outlook
from kernel.holdings import first_party_models
from orientation import closing
from tracker.models import ContactPoint, Respondent, SourceCase, Transition
from tracker.models.respondents import Status, ZoneSource
from tracker.profile import AgeBand, NationalityGroup, Route, Sex
from tracker.stages import Stage
from vault import subject_keys
from vault.fields import SealedField
from vault.subject_keys import ShredCounts


def erase(
    *, respondent: Respondent, grade: Grade, by: User | None, now: datetime, profile_too: bool = False
) -> Destroyed:
    """Destroy what identifies the respondent, and for `ERASE_ALL` also what narrows down and the link to answers.

    Needs no key, so it works with the vault locked; twice is no error. A step of withdrawing, which has stopped contact
    before, and of retention: `by` None, and `profile_too` to empty what narrows down and leave the link to answers.
    Final once the vault's epoch key was replaced: until then a backup of the vault could open older backups.
    """
    tokens = _survey_tokens(respondent) if grade == Grade.ERASE_ALL else ()
    with _keys_destroyed(respondent, now) as shredded:
        current = Respondent.objects.select_for_update(no_key=True).get(pk=respondent.pk)
        destroyed = _destroy_sealed(current, shredded, by, now, tokens)
        _cut_links(current, grade, profile_too=profile_too)
        _leave_trace(current, grade, destroyed, shredded, by, now)
        is_nothing_said = profile_too or grade == Grade.ERASE_ALL
        left = _tombstone(current, now) | (_nothing_said(current) if is_nothing_said else {})
        Respondent.objects.filter(pk=current.pk).update(**left)
    respondent.refresh_from_db()
    return destroyed


def destroy_contact(*, respondent: Respondent, now: datetime) -> Destroyed:
    """Destroy the key, the numbers and the sealed words, and leave the rest of an erasure to whoever carries it out.

    For a wish that waited too long: the codes of the answers have to reach somebody, so that part is not done unseen.
    """
    with _keys_destroyed(respondent, now) as shredded:
        current = Respondent.objects.select_for_update(no_key=True).get(pk=respondent.pk)
        destroyed = _destroy_sealed(current, shredded, None, now)
        trail.record(
            Action.RETENTION_APPLIED,
            by=None,
            at=now,
            audit_ref=current.audit_ref,
            object_type="respondent",
            detail=_counts(destroyed, shredded),
        )
    return destroyed


@contextmanager
def _keys_destroyed(respondent: Respondent, now: datetime) -> Iterator[ShredCounts]:
    """Keys first out; then the main transaction, which is inside."""
    shredded = subject_keys.shred(respondent.pk, now=now)
    with transaction.atomic():
        yield shredded
    # A number that was being added meanwhile may have left a line in the index; nothing is there any more to open it.
    subject_keys.shred(respondent.pk, now=now)


def _destroy_sealed(
    respondent: Respondent,
    shredded: ShredCounts,
    by: User | None,
    now: datetime,
    tokens: tuple[str, ...] = (),
) -> Destroyed:
    closing.erase(respondent=respondent, by=by, now=now)
    sealed = _empty_sealed_values(respondent)
    numbers = ContactPoint.objects.filter(respondent=respondent).delete()[0]
    return Destroyed(numbers, sealed, shredded.keys, tokens)


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


def _cut_links(respondent: Respondent, grade: Grade, *, profile_too: bool) -> None:
    # The rows of imported lists stay, without the person: they keep the same list from enrolling them again.
    SourceCase.objects.filter(respondent=respondent).update(respondent=None)
    Outlook.objects.filter(follow_up__respondent=respondent).delete()
    FollowUp.objects.of(respondent).filter(usual_enumerator__isnull=False).update(usual_enumerator=None)
    if profile_too or grade == Grade.ERASE_ALL:
        Transition.objects.filter(respondent=respondent).delete()
    if grade != Grade.ERASE_ALL:
        return
    FollowUp.objects.of(respondent).update(
        stage=Stage.UNKNOWN.value, language="", caller_gender=Gender.NOT_SAID
    )
    for attempt_id in Attempt.objects.filter(respondent=respondent).values_list("pk", flat=True):
        Attempt.objects.filter(pk=attempt_id).update(survey_token=uuid4())


def _tombstone(respondent: Respondent, now: datetime) -> dict[str, object]:
    """What is left of the row: the code, the team, the month they came and perhaps the coarse profile."""
    left: dict[str, object] = {"status": Status.ERASED, "audit_ref": None, "usual_enumerator": None}
    if respondent.status != Status.ERASED:
        left["status_at"] = now
    return left


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
        "best_slot": "",
    }


def _leave_trace(
    respondent: Respondent,
    grade: Grade,
    destroyed: Destroyed,
    shredded: ShredCounts,
    by: User | None,
    now: datetime,
) -> None:
    trail.record(
        Action.RESPONDENT_ERASED,
        by=by,
        at=now,
        audit_ref=respondent.audit_ref,
        object_type="respondent",
        detail={"grade": grade.value, **_counts(destroyed, shredded)},
    )


def _counts(destroyed: Destroyed, shredded: ShredCounts) -> dict[str, object]:
    return {
        "numbers": destroyed.numbers,
        "sealed_values": destroyed.sealed_values,
        "keys": destroyed.keys,
        # Names of keys, which are no secret: the erasure is final when these are destroyed. With colons: eight
        # digits in a row would look like a phone number, and the trail takes none.
        "final_after": sorted(key.hex(":") for key in shredded.kek_ids),
    }
