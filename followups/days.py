"""Days and hours as the respondent's own calendar and clock show them, written in the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from followups.models import FollowUp
from kernel import zones
from tracker.models import Respondent

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Local dates; `last_on` is the last day on which the interview can be made."""

    opens_on: date
    due_on: date
    last_on: date


def days_of(follow_up: FollowUp, person: Respondent) -> Days:
    """The window on the likeliest of the respondent's clocks."""

    def there(at: datetime) -> date:
        return zones.local(at, person.likeliest_zone).date()

    return Days(there(follow_up.opens_at), there(follow_up.due_at), there(follow_up.closes_at - MOMENT))


def in_words(on: date) -> str:
    """A day, such as 2 April 2026."""
    return date_format(on, "j F Y")


def their_time(at: datetime, person: Respondent) -> str:
    """A moment on the respondent's clock, and said to be on it; "" where no clock is known."""
    if not person.zones:
        return ""
    there = zones.local(at, person.zones[0]).replace(tzinfo=None)
    return _("%(moment)s their time") % {"moment": date_format(there, "j F Y H:i")}
