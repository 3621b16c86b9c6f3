"""Taking down a further number of somebody who takes part."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from casework.joining import NumberGiven
from followups import holding, locking, reopening, tracing
from kernel.errors import DomainError
from tracker import numbers, reaching
from tracker.keeping import NewNumber
from tracker.models import ContactPoint, Respondent


def add_number(*, respondent: Respondent, given: NumberGiven | None, by: User, now: datetime) -> ContactPoint:
    """Keep a number somebody gave, and have the queue look at them again. The answer tells nothing of the number.

    Raises `number_missing`, `impossible_number` and what `tracker.reaching.add_numbers` raises.
    """
    if given is None:
        raise DomainError("number_missing", _("No number was typed."), kept=_("Nothing was changed."))
    number = numbers.parse(given.raw, given.region or respondent.country)
    place = respondent.contact_points.in_use().count()
    new = NewNumber(number, given.whose, given.safe, position=place)
    (point,) = reaching.add_numbers(respondent=respondent, numbers=[new], by=by, now=now)
    with transaction.atomic():
        locking.hold_still(respondent.pk)
        if tracing.is_lost(respondent):
            # Somebody we had lost can be reached again.
            reopening.open_to(respondent=respondent, now=now)
        holding.look_again(respondent, now)
    return point
