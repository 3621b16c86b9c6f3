"""Drafting a wording and having a second person approve it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from consent.models import Wording
from consent.purposes import Purpose
from kernel.errors import Conflict, DomainError


@transaction.atomic
def draft(*, purpose: Purpose, language: str, text: str, by: User, now: datetime) -> Wording:
    """A new version of the words for one purpose in one language; not read to anyone before it is approved."""
    last = (
        Wording.objects.filter(purpose=purpose, language=language).aggregate(last=Max("version"))["last"] or 0
    )
    wording = Wording(
        purpose=purpose, language=language, version=last + 1, text=text.strip(), drafted_by=by, drafted_at=now
    )
    wording.full_clean(exclude=["approved_by", "approved_at"])
    wording.save(force_insert=True)
    trail.record(
        Action.WORDING_DRAFTED,
        by=by,
        at=now,
        object_type="wording",
        object_id=wording.pk,
        detail={"purpose": purpose.value, "language": language, "version": wording.version},
    )
    return wording


@transaction.atomic
def approve(*, wording: Wording, by: User, now: datetime) -> Wording:
    """Let a drafted wording be read out. Raises `own_draft` for its author, `already_approved` the second time."""
    if wording.drafted_by_id == by.pk:
        raise DomainError(
            "own_draft",
            _("You wrote this wording, so somebody else has to approve it."),
            kept=_("The draft is kept as it is."),
            next_step=_("Ask a second coordinator or the data protection officer."),
        )
    changed = Wording.objects.filter(pk=wording.pk, approved_at=None).update(approved_by=by, approved_at=now)
    if not changed:
        raise Conflict(
            "already_approved", _("Somebody has approved this wording already. Nothing else is needed.")
        )
    trail.record(Action.WORDING_APPROVED, by=by, at=now, object_type="wording", object_id=wording.pk)
    wording.refresh_from_db()
    return wording
