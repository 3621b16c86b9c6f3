"""Accounts closed for a year: what is personal goes, and a number stands where the username was."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.db.models import Max, Q, Subquery

from accounts.models import Gender, User
from audit.actions import Action
from audit.models import AuditEvent
from casework.retaining.slices import Worked, one_by_one
from casework.retaining.terms import STAFF_DAYS
from kernel.borrowed import BORROWED
from kernel.budgets import Keep
from kernel.holdings import Retention
from vault import subject_keys

GONE = "gone-"
"""What stands before the number in the username of somebody who left."""


def accounts_due(now: datetime) -> Any:
    """Accounts whose last closing in the trail was a year ago, and that still tell who it was."""
    closed = (
        AuditEvent.objects.filter(action=Action.STAFF_DISABLED, object_type="user")
        .order_by()
        .values("object_id")
        .annotate(last=Max("at"))
        .filter(last__lte=now - timedelta(days=STAFF_DAYS))
    )
    left = User.objects.filter(is_active=False, pk__in=Subquery(closed.values("object_id")))
    return left.exclude(username__startswith=GONE)


def forget_accounts(now: datetime, keep: Keep) -> Worked:
    return one_by_one(accounts_due(now), keep, lambda person: forget(person, now))


def forget(person: User, now: datetime) -> None:
    """Empty one account. Its key first: what was sealed under it can never be opened again."""
    subject_keys.shred(person.pk, now=now)
    with transaction.atomic():
        tombstone = f"{GONE}{person.pk.hex[:12]}"
        emptied = User.objects.filter(pk=person.pk, is_active=False).update(
            username=tombstone,
            display_name=tombstone,
            gender=Gender.NOT_SAID,
            time_zone="UTC",
            interface_language="en",
            toured_at=None,
            password=make_password(None),
            session_epoch=models.F("session_epoch") + 1,
            last_login=None,
        )
        if emptied:
            person.teams.clear()
            for model, field in links_to_staff():
                _cut(model, field, person)


def links_to_staff() -> list[tuple[type[models.Model], Any]]:
    """Every key to a member of staff that goes with them, in our tables and in those of libraries."""
    return [
        (model, field)
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.local_fields
        if field.is_relation and field.related_model is User and _goes_with_staff(model, field)
    ]


def _goes_with_staff(model: type[models.Model], field: Any) -> bool:
    borrowed = BORROWED.get(model._meta.label)
    holding = borrowed.holding_of(field.name) if borrowed else getattr(field, "holding", None)
    return holding is not None and holding[2] in (Retention.STAFF, Retention.TRANSIENT)


def _cut(model: type[models.Model], field: Any, person: User) -> None:
    """A row that is theirs goes; one that only names them stays, without them."""
    rows = model._base_manager.filter(Q(**{field.name: person.pk}))
    if field.null:
        rows.update(**{field.name: None})
    else:
        rows.delete()
