"""Plain phone: showing one number, for one dial of one live claim, for a minute, in the trail before on the screen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from consent import permits
from consent.permits import Opening
from followups.calling.dialling import ORDER_GOOD_FOR, SHOWN_FOR
from followups.models import Dial
from followups.models.attempts import DialState
from kernel.errors import Conflict
from kernel.statements import statement
from tracker.models import ContactPoint
from tracker.models.contact_points import Whose
from vault import opening


@dataclass(frozen=True, slots=True)
class Revealed:
    """A number in E.164, to be shown until `until` and nowhere kept. Left out of `repr`."""

    number: str
    contact_point: ContactPoint
    until: datetime

    def __repr__(self) -> str:
        return "<Revealed>"


def reveal(*, dial: Dial, by: User, now: datetime) -> Revealed:
    """The number behind a dial just ordered, with leave asked and its trace committed first.

    Again within its minute, after a lost connection, shows the same number and leaves another trace. Raises
    `order_too_old` for an order over 30 seconds old, `no_consent`, and what the vault raises.
    """
    until = _take_order(dial, by, now) + SHOWN_FOR
    point = point_of(dial)
    return Revealed(open_number(point, by=by, now=now, dial_id=dial.pk), point, until)


def point_of(dial: Dial) -> ContactPoint:
    """The contact point a dial is about."""
    return _with_person.get(dial.contact_point_id)


@statement
def _with_person(contact_point_id: UUID) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.select_related("respondent").filter(pk=contact_point_id)


def open_number(point: ContactPoint, *, by: User | None, now: datetime, dial_id: UUID) -> str:
    """The number of a contact point, opened for one dial; the look is in the trail first.

    In no transaction of its own: a look that was refused has to stay in the trail too.
    """
    person = point.respondent
    permit = permits.issue(
        sealed=point.value,
        opening=Opening.DIAL_TRUSTED if point.whose == Whose.TRUSTED else Opening.DIAL,
        respondent_id=person.pk,
        audit_ref=person.audit_ref,
        by=by,
        now=now,
    )
    trail.record(
        Action.NUMBER_REVEALED,
        by=by,
        at=now,
        audit_ref=person.audit_ref,
        object_type="dial",
        object_id=dial_id,
    )
    return opening.open(point.value, permit=permit, now=now)


def _take_order(dial: Dial, by: User, now: datetime) -> datetime:
    """Mark the order placed, once; when its number was first shown."""
    mine = Dial.objects.filter(pk=dial.pk, attempt__enumerator=by, attempt__claim__ended_at=None)
    fresh = Dial.objects.filter(
        pk__in=mine.values("pk"), state=DialState.ORDERED, ordered_at__gt=now - ORDER_GOOD_FOR
    )
    if fresh.update(state=DialState.PLACED, placed_at=now, revealed_at=now):
        return now
    shown = mine.filter(revealed_at__gt=now - SHOWN_FOR).first()
    if shown is None or shown.revealed_at is None:
        raise Conflict(
            "order_too_old",
            _("This dial was asked for too long ago and was cancelled; nothing rang."),
            kept=_("The call is still yours."),
            next_step=_("Press Call again."),
        )
    return shown.revealed_at
