"""What a respondent wishes about who calls and when nobody should: barring an enumerator, a pause."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups import holding, usual
from followups.models import BarredEnumerator, Hold
from followups.models.restraints import HoldKind
from followups.outlooks.forgetting import forget
from kernel import zones
from kernel.errors import DomainError
from tracker import stating
from tracker.best_times import BestTime
from tracker.models import Respondent


@transaction.atomic
def bar_enumerator(*, respondent: Respondent, enumerator: User, by: User, now: datetime) -> None:
    """Never have this person call the respondent again, from now on; saying it twice is no error."""
    BarredEnumerator.objects.get_or_create(
        respondent=respondent, enumerator=enumerator, defaults={"at": now, "by": by}
    )
    usual.make_unusual(respondent, enumerator)
    holding.look_again(respondent, now)
    trail.record(
        Action.ENUMERATOR_BARRED,
        by=by,
        at=now,
        audit_ref=respondent.audit_ref,
        object_type="user",
        object_id=enumerator.pk,
    )


@transaction.atomic
def state_best_time(*, respondent: Respondent, best_time: BestTime | None, by: User, now: datetime) -> bool:
    """Keep when they say they are best reached, and have what is owed to them looked at again; saying it twice is no
    error."""
    if stated := stating.state_best_time(respondent=respondent, best=best_time, by=by, now=now):
        forget(respondent)
        holding.look_again(respondent, now)
    return stated


def pause(*, respondent: Respondent, until_on: date, by: User, now: datetime) -> Hold:
    """Call nobody until a day the person names, on their own clock. Raises `pause_ends_before_it_starts`."""
    zone_name = respondent.likeliest_zone
    until = zones.at_local(until_on, time(), zone_name)
    if until <= now:
        raise DomainError(
            "pause_ends_before_it_starts",
            _("A pause ends on a day that is still to come."),
            kept=_("No pause was recorded."),
            next_step=_("Ask from which day on calls are welcome again."),
        )
    return holding.place(
        respondent=respondent, kind=HoldKind.PAUSE, until=until, review_at=None, by=by, now=now
    )
