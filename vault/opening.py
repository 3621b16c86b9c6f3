"""Opening one sealed value for somebody, with a permit."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from audit.models import AuditEvent
from kernel.statements import statement
from vault import deks
from vault.alerts import raise_alert
from vault.errors import KeyMissing, PermitRefused, Tampered
from vault.permits import Permit
from vault.sealed import Sealed
from vault.unsealing import plaintext_of


def open(sealed: Sealed, *, permit: Permit, now: datetime) -> str:
    """The text behind `sealed`, for one use and never to be stored.

    Raises PermitRefused when the permit is for another handle, over, or without its event in the trail;
    Locked, Shredded, KeyMissing or Tampered when it cannot be opened. The last two also raise an alert.
    Call it outside the transaction of the work around it, or a roll-back takes the alert out of the trail.
    """
    _ask(sealed, permit, now)
    try:
        keys = deks.load([permit.subject])
        return plaintext_of(sealed, keys).decode()
    except (Tampered, KeyMissing) as error:
        raise_alert(sealed, error, by=permit.actor, now=now)
        raise


def _ask(sealed: Sealed, permit: Permit, now: datetime) -> None:
    if not isinstance(sealed, Sealed) or not isinstance(permit, Permit):
        raise TypeError("Opening takes a sealed value and a permit.")
    if not permit.covers(subject=sealed.subject, row=sealed.row, label=sealed.label, now=now):
        raise PermitRefused
    if _actors_of(permit.audit_event_id) != [permit.actor]:
        raise PermitRefused


@statement
def _actors_of(event_id: int) -> QuerySet[AuditEvent, UUID | None]:
    return AuditEvent.objects.filter(pk=event_id).values_list("actor_id", flat=True)
