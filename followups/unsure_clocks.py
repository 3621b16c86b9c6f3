"""Whether it is sure on which clock somebody lives, and the hours that are decent on all it may be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from followups.scheduling.safe_times import CallingHours, ClockHours, SafeRules, safe_spans
from followups.scheduling.spans import Span
from kernel import zones
from tracker.models import Respondent, Study

BEFORE, AHEAD = timedelta(days=1), timedelta(days=2)


@dataclass(frozen=True, slots=True)
class UnsureClock:
    """The hours shared by every clock it may be, now or next, on the reader's clock; None where there are none."""

    starts: datetime | None
    ends: datetime | None


def unsure_clock(person: Respondent, study: Study, *, reader_zone: str, now: datetime) -> UnsureClock | None:
    """None where their clock is sure enough: one that they named, or the only one of their country."""
    if person.is_sure_of_clock:
        return None
    hours = CallingHours(ClockHours(study.calling_from, study.calling_until))
    shared = safe_spans(Span(now - BEFORE, now + AHEAD), tuple(person.zones), hours, SafeRules())
    span = next((one for one in shared if one.ends_at > now), None)
    if span is None:
        return UnsureClock(None, None)
    return UnsureClock(zones.local(span.starts_at, reader_zone), zones.local(span.ends_at, reader_zone))
