"""The days of a window as the respondent would name them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

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
        return zones.local(at, person.zones[0] if person.zones else "UTC").date()

    return Days(there(follow_up.opens_at), there(follow_up.due_at), there(follow_up.closes_at - MOMENT))
