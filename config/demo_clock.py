"""What a page says of the demo's clock, when that is not the wall's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

from kernel import clock

MOVING_PAGES = frozenset({"followups:today", "followups:nothing", "reports:board", "orientation:inbox"})
"""Pages that look again by themselves while somebody lets time run."""
UNNOTICED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DemoClock:
    """What it shows, how many times as fast as the wall's it goes, and whether the page looks again by itself."""

    at: datetime
    speed: int
    moves_page: bool


def demo_clock_on(request: HttpRequest) -> DemoClock | None:
    """The demo's clock for the page of this request; None outside the demo and while it goes by the wall."""
    if not settings.RECONTACT_DEMO:
        return None
    course, wall = clock.course(), clock.wall()
    at, is_driven = course.at(wall), course.is_driven_at(wall)
    if not is_driven and at - wall < UNNOTICED:
        return None
    page = request.resolver_match.view_name if request.resolver_match else ""
    return DemoClock(at, round(course.speed_at(wall)), is_driven and page in MOVING_PAGES)
