"""Completing late a follow-up that was missed: the interview took place, on paper or when they called us."""

from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from consent import recording as ledger
from consent.folding import Decision
from consent.models import Mode, Wording
from consent.purposes import Purpose
from consent.recording import Said
from followups import ending, locking, planning
from followups.days import days_of, in_words
from followups.models import FollowUp
from followups.models.follow_ups import LIVE, State
from kernel.errors import Conflict, DomainError

NOON = time(12)
"""The hour that stands for a day on which an interview was made."""


def complete_late(*, follow_up: FollowUp, held_at: datetime, by: User, now: datetime) -> FollowUp:
    """Record an interview made outside the queue, with the person's yes to it, and plan the next from it.

    Raises `not_open` unless the follow-up is missed or owed, `held_in_future`, `held_too_early`.
    """
    _check(follow_up, held_at, now)
    with transaction.atomic():
        person = follow_up.respondent
        locking.hold_still(person.pk)
        wording = Wording.objects.in_use(Purpose.INTERVIEW, person.language)
        said = Said(
            Purpose.INTERVIEW, Decision.GRANTED, Mode.IN_PERSON, person.language, held_at, wording=wording
        )
        ledger.record(respondent_id=person.pk, audit_ref=person.audit_ref, said=said, by=by, now=now)
        if not ending.complete(follow_up, held_at=held_at):
            raise Conflict("not_open", _("This follow-up has been completed already. Nothing was changed."))
        trail.record(
            Action.OUTCOME_RECORDED,
            by=by,
            at=now,
            audit_ref=person.audit_ref,
            object_type="follow_up",
            object_id=follow_up.pk,
            detail={
                "disposition": "completed",
                "late": held_at >= follow_up.closes_at,
                "held": held_at.isoformat(),
            },
        )
        planning.plan_next(enrolment=follow_up.enrolment, now=now)
    follow_up.refresh_from_db()
    return follow_up


def _check(follow_up: FollowUp, held_at: datetime, now: datetime) -> None:
    kept = _("Nothing was changed.")
    if follow_up.state not in (*LIVE, State.MISSED):
        raise Conflict("not_open", _("This follow-up is neither owed nor missed."), kept=kept)
    if held_at > now:
        raise DomainError("held_in_future", _("This day has not come yet."), kept=kept)
    if held_at < follow_up.opens_at:
        raise DomainError(
            "held_too_early",
            _("This day is before the follow-up opened on %(on)s.")
            % {"on": in_words(days_of(follow_up, follow_up.respondent).opens_on)},
            kept=kept,
            next_step=_("Give the day on which the interview was made."),
        )
