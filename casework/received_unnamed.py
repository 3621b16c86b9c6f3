"""Somebody contacted us and gave a code, or left a missed call: the answer is the same whether we know them or not."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from casework.evening import even_time
from casework.received import Way, Word, record_contact_received
from casework.stopping import EVEN_SECONDS, Heard, read
from kernel.errors import DomainError
from tracker.models import ContactPoint, Respondent
from tracker.models.contact_points import Whose
from tracker.models.respondents import Status
from vault import lines
from vault.errors import Locked


def record_said(
    *, said: str, way: Way, by: User, now: datetime, region: str = "", even_seconds: float = EVEN_SECONDS
) -> str:
    """Write down that the person of a code, or whoever has a number, contacted us; the answer tells nothing of anybody.

    A number that several people share names none of them, so nobody is called back for it. Raises what
    `casework.stopping.read` raises, and `needs_vault` for a number while the vault is locked, whatever the number.
    """
    heard = read(said, region)
    with even_time(even_seconds):
        person = _person_of(heard)
        if person is None:
            kind = "code" if heard.code else "number"
            detail = {"by": kind, "way": way.value}
            trail.record(Action.CONTACT_RECEIVED, by=by, at=now, object_type=kind, detail=detail)
        else:
            record_contact_received(respondent=person, word=Word(way), by=by, now=now)
    return _("Recorded. If we know who it was, they are called back as soon as it is safe.")


def _person_of(heard: Heard) -> Respondent | None:
    """The one active person this can have been; None for nobody, and for more than one."""
    taking_part = Respondent.objects.filter(status=Status.ACTIVE)
    found = taking_part.filter(code=heard.code) if heard.code else taking_part.filter(pk__in=_holders(heard))
    people = list(found[:2])
    return people[0] if len(people) == 1 else None


def _holders(heard: Heard) -> list[object]:
    """Whose own number it is, or one they share; a trusted person who calls speaks for nobody."""
    try:
        points = lines.holding(heard.e164)
    except Locked:
        raise DomainError(
            "needs_vault",
            _("The vault is locked, so a phone number cannot be looked up now."),
            kept=_("Nothing was recorded."),
            next_step=_("Ask for the code, or come back when the vault is open."),
            status=503,
        ) from None
    own = ContactPoint.objects.in_use().filter(pk__in=points).exclude(whose=Whose.TRUSTED)
    return list(own.order_by().values_list("respondent_id", flat=True).distinct())
