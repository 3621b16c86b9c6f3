"""How to reach somebody: the numbers they gave, what is learned of each, and when each is safe."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from consent import asking
from consent.purposes import Purpose
from kernel.errors import Conflict, DomainError
from tracker.keeping import (
    Given,
    NewNumber,
    SafeContact,
    rules_as_fields,
    safely_kept,
    words_to_seal,
    write_many,
)
from tracker.models import ContactPoint, Respondent
from tracker.models.contact_points import Whose
from tracker.models.respondents import Status
from tracker.number_status import HARMFUL, TAKEN_BACK_BY_A_SECOND_LOOK, NumberStatus
from vault import lines
from vault.errors import Locked
from vault.sealing import seal_many


def add_numbers(
    *, respondent: Respondent, numbers: Sequence[NewNumber], by: User, now: datetime
) -> list[ContactPoint]:
    """Keep numbers a respondent gave. A number already held is taken like any other, and nobody is told.

    Raises `number_without_consent` unless the ledger permits keeping numbers now, `trusted_without_consent` for a
    trusted person's, `not_taking_part`, and Locked.
    """
    may_be_kept(respondent, numbers, now)
    with safely_kept([one.number.e164 for one in numbers]):
        _still_takes_part(respondent)
        points = write_many(given=[Given(respondent.pk, one) for one in numbers], now=now)
        _leave_trace(
            Action.CONTACT_POINT_ADDED,
            respondent.audit_ref,
            by,
            now,
            {"numbers": len(points), "which": [str(point.pk) for point in points]},
        )
    return points


def may_be_kept(respondent: Respondent, numbers: Sequence[NewNumber], now: datetime) -> None:
    """Ask the ledger whether these numbers may be kept."""
    consents = asking.consents(respondent.pk, now=now)
    if not consents.permits(Purpose.KEEP_NUMBER):
        raise _refused("number_without_consent", _("The person has not agreed that their number is kept."))
    wants_trusted = any(one.whose == Whose.TRUSTED for one in numbers)
    if wants_trusted and not consents.permits(Purpose.TRUSTED_CONTACTS):
        raise _refused(
            "trusted_without_consent", _("The person has not agreed that somebody they trust is asked.")
        )


def change_safe_contact(
    *, contact_point: ContactPoint, safe: SafeContact, by: User, now: datetime, without: Collection[str] = ()
) -> None:
    """Replace the rules of one number. A phrase or words left "" stay as they are sealed, but for those in `without`
    (`safe_phrase`, `cover_words`), which are gone afterwards."""
    for name, value in (rules_as_fields(safe) | dict.fromkeys(without)).items():
        setattr(contact_point, name, value)
    words = words_to_seal(contact_point, safe)
    if words:
        seal_many(words)
    sealed = (name for _point, name, _text in words)
    with transaction.atomic():
        contact_point.save(update_fields=[*rules_as_fields(safe), *without, *sealed])
        _changed(contact_point, by, now, {"changed": "safe_contact"})


def mark_status(*, contact_point: ContactPoint, status: NumberStatus, by: User | None, now: datetime) -> None:
    """Note what was learned of a number. Wrong or unsafe holds at once for every contact point that shares it, and
    stays: what a call gave that was under way meanwhile makes nothing dialable again.

    With the vault locked only this one is marked: nothing can be dialled then, and at the next dial all who share a
    number are asked after.
    """
    status = NumberStatus(status)
    touched = _sharing(contact_point) if status in HARMFUL else {contact_point.pk}
    known_good = {"was_confirmed": True} if status is NumberStatus.ACTIVE else {}
    marked = ContactPoint.objects.filter(pk__in=touched)
    if status not in HARMFUL:
        marked = marked.exclude(status__in=[harm.value for harm in HARMFUL])
    with transaction.atomic():
        marked.update(status=status.value, status_at=now, **known_good)
        _changed(contact_point, by, now, {"status": status.value})
    contact_point.refresh_from_db(fields=["status", "status_at", "was_confirmed"])


def take_back_mark(*, contact_point: ContactPoint, why: str, by: User, now: datetime) -> frozenset[UUID]:
    """Have a number count as not tried again, for all who were marked with it; gives those respondents' ids.

    Raises `mark_stays` for a number that is unsafe, barred or bears no such mark.
    """
    status = NumberStatus(contact_point.status)
    if contact_point.is_barred or status not in TAKEN_BACK_BY_A_SECOND_LOOK:
        raise Conflict(
            "mark_stays",
            _("What was learned of this number stays: somebody could be harmed if it rang."),
            kept=_("Nothing was changed."),
            next_step=_("If they have another number that is safe, add that one."),
        )
    touched = _sharing(contact_point) if status in HARMFUL else {contact_point.pk}
    marked = ContactPoint.objects.in_use().filter(pk__in=touched, status=status.value, is_barred=False)
    people = frozenset(marked.values_list("respondent_id", flat=True))
    with transaction.atomic():
        marked.update(status=NumberStatus.UNVERIFIED.value, status_at=now)
        _changed(contact_point, by, now, {"status": NumberStatus.UNVERIFIED.value, "why": why})
    contact_point.refresh_from_db(fields=["status", "status_at"])
    return people


def bar_number(*, contact_point: ContactPoint, by: User | None, now: datetime) -> None:
    """Never dial this number again, for whomever: somebody who answers it said so. With the vault locked see
    `mark_status`."""
    touched = _sharing(contact_point)
    with transaction.atomic():
        ContactPoint.objects.filter(pk__in=touched).update(is_barred=True)
        _changed(contact_point, by, now, {"changed": "barred"})
    contact_point.refresh_from_db(fields=["is_barred"])


def bar_line(*, e164: str) -> None:
    """Never dial this number again, for whomever; the same steps whether anyone holds it or not. Raises Locked.

    A step of recording a stop, which leaves the event in the trail.
    """
    ContactPoint.objects.filter(pk__in=lines.holding(e164)).update(is_barred=True)


def retire(*, contact_point: ContactPoint, by: User, now: datetime) -> None:
    """Stop using a number. It stays sealed in quarantine, so that it is not dialled by mistake for a new one."""
    with transaction.atomic():
        current = ContactPoint.objects.filter(pk=contact_point.pk, retired_at=None)
        harmless = ~Q(status__in=[status.value for status in HARMFUL])
        current.filter(harmless).update(status=NumberStatus.CHANGED.value, status_at=now)
        if not current.update(retired_at=now):
            raise Conflict(
                "already_retired", _("This number is no longer in use already. Nothing else is needed.")
            )
        _changed(contact_point, by, now, {"changed": "retired"})
    contact_point.refresh_from_db(fields=["status", "status_at", "retired_at"])


def _still_takes_part(respondent: Respondent) -> None:
    """Under the row's lock: an erasure that ran meanwhile must not find a new number afterwards."""
    current = Respondent.objects.select_for_update(no_key=True).get(pk=respondent.pk)
    if current.status != Status.ACTIVE:
        raise _refused(
            "not_taking_part", _("This person is not being called any more, so no number is kept.")
        )


def _sharing(contact_point: ContactPoint) -> frozenset[UUID]:
    """Everyone who shares the number, itself included; itself alone while nothing can be opened."""
    if contact_point.value is None:
        return frozenset({contact_point.pk})
    try:
        return lines.sharing(contact_point.value) | {contact_point.pk}
    except Locked:
        return frozenset({contact_point.pk})


def _changed(point: ContactPoint, by: User | None, now: datetime, detail: dict[str, object]) -> None:
    _leave_trace(Action.CONTACT_POINT_CHANGED, point.respondent.audit_ref, by, now, detail, point.pk)


def _leave_trace(
    action: Action,
    audit_ref: UUID | None,
    by: User | None,
    now: datetime,
    detail: dict[str, object],
    point_id: UUID | None = None,
) -> None:
    trail.record(
        action,
        by=by,
        at=now,
        audit_ref=audit_ref,
        object_type="contact_point",
        object_id=point_id,
        detail=detail,
    )


def _refused(code: str, sentence: str) -> DomainError:
    return DomainError(
        code,
        sentence,
        kept=_("No number was kept."),
        next_step=_("Ask the person; if they agree, record that first and then give the number again."),
    )
