"""Lets time run in the loaded demo: its clock goes faster than the wall's, and simulated staff keep up with it."""

import fcntl
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q

from accounts.models import User
from config.demo.beside_visitors import BesideVisitors, simulated_staff
from followups.models import Attempt, Claim
from kernel import clock
from kernel.errors import Conflict
from orientation.models import OrientationRequest

LASTING = timedelta(seconds=2)
"""How far ahead the clock is wound: left alone, it goes on like the wall's after that."""
HANDOVER = timedelta(seconds=0.25)
"""A new course begins a little later than now, so that whoever still reads the old one sees the same time."""
STEP, LONGEST_STEP = timedelta(minutes=2), timedelta(minutes=15)
"""How much of the demo's time is worked through in one go."""
SPARE = 0.7
"""The share of the time that the simulated staff may fill; the rest is for visitors."""
REMEMBERED = 10
"""So many steps tell how fast this machine is."""

Work = Callable[[datetime], None]
"""Everything that simulated staff have to do before a moment, the ticks among it, one thing after the other."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came in since time began to run."""

    calls: int
    reached: int
    interviews: int
    requests: int


@dataclass
class Live:
    """One run. Look often: each look winds the clock a little further and lets the staff work up to it."""

    work: Work
    staff: Sequence[User]
    wanted: int
    began: datetime
    worked_until: datetime = field(init=False)
    speed: int = 1
    is_visited: bool = False
    took: deque[tuple[timedelta, float]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def __post_init__(self) -> None:
        self.worked_until = self.began

    def look(self) -> None:
        """Choose the speed, wind the clock, and work through what has passed on it."""
        now = clock.now()
        self.is_visited = is_anybody_in_a_call(self.staff, now)
        self.wind(self.speed_at(now))
        if now - self.worked_until >= STEP:
            self.work_through(now)

    def speed_at(self, now: datetime) -> int:
        """As wanted, or as fast as it can be kept up with; the wall's in a visitor's call and while work is left."""
        if self.is_visited or now - self.worked_until > LONGEST_STEP:
            return 1
        return speed_kept(self.wanted, self.took)

    def wind(self, speed: int) -> None:
        self.speed = speed
        clock.keep(clock.course().onward(since=clock.wall() + HANDOVER, speed=speed, lasting=LASTING))

    def work_through(self, now: datetime) -> None:
        """Nothing is skipped: what does not fit into this step is left for the next, and the clock waits for it."""
        until = min(now, self.worked_until + LONGEST_STEP)
        started = time.monotonic()
        self.work(until)
        self.took.append((until - self.worked_until, time.monotonic() - started))
        self.worked_until = until

    def stop(self) -> datetime:
        """Time goes on at the wall's speed, from where it is; that moment."""
        self.wind(1)
        return clock.course().legs[-1].shown

    def tally(self) -> Tally:
        recorded = Attempt.objects.filter(recorded_at__gte=self.began)
        counted = recorded.aggregate(
            calls=Count("pk"),
            reached=Count("pk", filter=Q(was_reached=True)),
            interviews=Count("pk", filter=Q(disposition="completed")),
        )
        asked = OrientationRequest.objects.filter(requested_at__gte=self.began).count()
        return Tally(**counted, requests=asked)


def is_anybody_in_a_call(staff: Sequence[User], now: datetime) -> bool:
    """Whether somebody who is not simulated holds a call: a lease, and a number that is shown, count real minutes."""
    return Claim.objects.live(now).exclude(enumerator__in=staff).exists()


def speed_kept(wanted: int, took: Sequence[tuple[timedelta, float]]) -> int:
    """The speed, up to the wanted one, at which work that took so many seconds each time does not fall behind."""
    seconds = sum(one for _worked, one in took)
    worked = sum(one.total_seconds() for one, _seconds in took)
    return max(1, min(wanted, int(SPARE * worked / seconds))) if seconds else wanted


@contextmanager
def the_only_one() -> Iterator[None]:
    """Raises `live_already` while another process lets this demo's time run; a killed one holds nothing."""
    path = Path(settings.DEMO_CLOCK_FILE).with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                "live_already",
                "Time is running in this demo already.",
                kept="Nothing was changed.",
                next_step="End the other one with Ctrl-C first.",
            ) from None
        yield


def begin(speed: int) -> Live:
    """Time ready to run from where the demo's clock is. Raises `nothing_loaded` in an empty demo."""
    staff = simulated_staff()
    if not staff:
        raise Conflict(
            "nothing_loaded",
            "There is no synthetic study in this demo yet, so nobody could be at work.",
            kept="Nothing was changed.",
            next_step="Load one first: make demo.",
        )
    now = clock.now()
    fieldwork = BesideVisitors(staff, now)
    fieldwork.begin(now)
    return Live(work=fieldwork.work, staff=staff, wanted=speed, began=now)
