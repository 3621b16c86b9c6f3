"""Setting partners up: what they offer, who checked it, and who of theirs may read requests."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Role
from audit import trail
from audit.actions import Action
from kernel.errors import DomainError
from orientation import deadlines
from orientation.models import FocalPoint, Partner, Service


@transaction.atomic
def save(*, partner: Partner, by: User, now: datetime) -> Partner:
    """Keep a new or changed partner. Raises ValidationError for what its fields and constraints do not allow."""
    partner.full_clean()
    partner.save(force_insert=partner._state.adding, update_fields=_fields(partner))
    trail.record(Action.PARTNER_CHANGED, by=by, at=now, object_type="partner", object_id=partner.pk)
    return partner


@transaction.atomic
def save_service(*, service: Service, by: User, now: datetime) -> Service:
    """Keep a new or changed service. What was changed has to be verified again before it is offered."""
    service.verified_by, service.verified_on, service.verified_until = None, None, None
    service.full_clean(exclude=("verified_by", "verified_on", "verified_until"))
    service.save(force_insert=service._state.adding, update_fields=_fields(service))
    trail.record(Action.SERVICE_CHANGED, by=by, at=now, object_type="service", object_id=service.pk)
    return service


@transaction.atomic
def verify(*, service: Service, by: User, now: datetime) -> Service:
    """Record that `by` asked the service itself today; it may be offered for 90 days, a hotline for 30."""
    today = now.date()
    service.verified_by, service.verified_on = by, today
    service.verified_until = deadlines.verified_until(today, is_hotline=service.is_hotline)
    service.save(update_fields=("verified_by", "verified_on", "verified_until"))
    trail.record(Action.SERVICE_VERIFIED, by=by, at=now, object_type="service", object_id=service.pk)
    return service


@transaction.atomic
def assign(*, partner: Partner, user: User, by: User, now: datetime) -> FocalPoint:
    """Let a focal point read what is meant for this partner; twice is no error. Raises `not_a_focal_point`."""
    if user.role != Role.FOCAL_POINT or not user.is_active:
        raise DomainError(
            "not_a_focal_point",
            _("Only an open account with the role of focal point can read a partner’s requests."),
            kept=_("Nothing was changed."),
            next_step=_("Ask the administrator for such an account."),
        )
    place, is_new = FocalPoint.objects.get_or_create(partner=partner, user=user)
    if is_new:
        _record_focal_point(place, "assigned", by, now)
    return place


@transaction.atomic
def unassign(*, focal_point: FocalPoint, by: User, now: datetime) -> None:
    """Close the partner's requests to this person, at once."""
    _record_focal_point(focal_point, "unassigned", by, now)
    focal_point.delete()


def _record_focal_point(place: FocalPoint, change: str, by: User, now: datetime) -> None:
    trail.record(
        Action.FOCAL_POINT_CHANGED,
        by=by,
        at=now,
        object_type="partner",
        object_id=place.partner_id,
        detail={"user": str(place.user_id), "change": change},
    )


def _fields(row: Partner | Service) -> list[str] | None:
    """Which columns a change writes; None for a new row, which writes all."""
    return (
        None
        if row._state.adding
        else [field.name for field in row._meta.local_fields if not field.primary_key]
    )
