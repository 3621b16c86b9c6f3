"""An exceptional reveal: a coordinator sees one number without a call, with a reason, five times a day at most."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.reasons import worded
from audit import trail
from audit.actions import Action
from audit.models import AuditEvent
from casework.reach import is_usable
from consent import asking, permits
from consent.permits import LEAVES, Opening
from followups import locking
from followups.card import Words, words_of
from followups.models import Hold
from kernel.errors import Conflict, DomainError, Forbidden
from tracker.models import ContactPoint, Respondent
from tracker.models.contact_points import Whose
from tracker.models.respondents import Status
from tracker.stages import Stage, allows_outbound
from vault import opening, providers

A_DAY = timedelta(hours=24)
MOST_IN_A_DAY = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """A number in E.164 with the words that make a call to it safe, shown for a minute and kept nowhere."""

    number: str
    contact_point: ContactPoint
    words: Words

    def __repr__(self) -> str:
        return "<Shown>"


def reveal(*, contact_point: ContactPoint, reason: str, by: User, now: datetime) -> Shown:
    """The number, its reason in the trail before it is opened; what is refused leaves a trace too.

    Raises `not_yours`, `lent_only` for a team seen by break-glass, what `worded` raises, Locked, `not_taking_part`,
    `on_hold`, `number_not_usable`, `no_consent` and `too_many_reveals`. In no transaction of its own: a look that was
    refused has to stay in the trail.
    """
    why = worded(reason)
    providers.keyring()
    person = contact_point.respondent
    try:
        _allow(contact_point, why, by, now)
    except DomainError as refusal:
        _leave_trace(contact_point, why, by, now, "refused", why=refusal.code)
        raise
    permit = permits.issue(
        sealed=contact_point.value,
        opening=_opening_of(contact_point),
        respondent_id=person.pk,
        audit_ref=person.audit_ref,
        by=by,
        now=now,
    )
    number = opening.open(contact_point.value, permit=permit, now=now)
    return Shown(number, contact_point, words_of(contact_point, by=by, now=now))


def left_today(by: User, now: datetime) -> int:
    """How many numbers they may still see in the 24 hours before `now`."""
    seen = AuditEvent.objects.by(by.pk).filter(action=Action.NUMBER_SHOWN, outcome="done", at__gt=now - A_DAY)
    return max(0, MOST_IN_A_DAY - seen.count())


@transaction.atomic
def _allow(contact_point: ContactPoint, why: str, by: User, now: datetime) -> None:
    """Ask every rule with the person held still, and count this one before it happens."""
    locking.stand_in_line(by.pk)
    locking.hold_still(contact_point.respondent_id)
    point = ContactPoint.objects.select_related("respondent").get(pk=contact_point.pk)
    _check_right(point.respondent, by)
    _check_person(point.respondent, _opening_of(point), now)
    if point.value is None or point.retired_at is not None or not is_usable(point):
        raise _refused("number_not_usable", _("This number is not to be dialled any more."))
    if not left_today(by, now):
        raise Conflict(
            "too_many_reveals",
            _("You have seen five numbers without a call in the last 24 hours. That is the most."),
            kept=_("Nothing was shown."),
            next_step=_("Let an enumerator call, or ask another coordinator."),
            status=429,
        )
    _leave_trace(point, why, by, now, "done")


def _check_right(person: Respondent, by: User) -> None:
    if not by.may(Permission.REVEAL_NUMBERS):
        raise _refused("not_yours", _("Only a coordinator may see a number without a call."))
    if person.team_id not in by.own_team_ids:
        raise _refused(
            "lent_only",
            _("You see this team for a short time only. That does not open its numbers."),
        )


def _opening_of(point: ContactPoint) -> Opening:
    """The number of somebody they trust takes their yes to asking such a person too."""
    return Opening.TRUSTED_WITHOUT_CALL if point.whose == Whose.TRUSTED else Opening.WITHOUT_CALL


def _check_person(person: Respondent, what: Opening, now: datetime) -> None:
    """Never somebody who stopped, is held or is where nobody is called, and never without their standing consent."""
    if person.status != Status.ACTIVE:
        raise _refused("not_taking_part", _("This person is not being called any more."))
    if Hold.objects.standing(now).filter(respondent=person).exists() or not allows_outbound(
        Stage(person.stage)
    ):
        raise _refused("on_hold", _("This person is on hold: nobody calls them now."))
    consents = asking.consents(person.pk, now=now)
    if not all(consents.permits(purpose) for purpose in LEAVES[what].purposes):
        raise _refused("no_consent", _("The respondent has not agreed to this, or has taken it back."))


def _refused(code: str, sentence: str) -> DomainError:
    return Forbidden(
        code, sentence, kept=_("Nothing was shown."), next_step=_("Look at the page of this person.")
    )


def _leave_trace(
    point: ContactPoint, reason: str, by: User, now: datetime, outcome: str, **detail: str
) -> None:
    trail.record(
        Action.NUMBER_SHOWN,
        by=by,
        at=now,
        audit_ref=point.respondent.audit_ref,
        object_type="contact_point",
        object_id=point.pk,
        reason=reason,
        outcome=outcome,
        detail=detail,
    )
