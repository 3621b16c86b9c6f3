"""Fieldwork in the order of time: ticks, calls, desks and people who get in touch, each at its moment."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from uuid import UUID

from accounts.models import User
from casework import upkeep
from config.demo import callers_in, desks, sitting
from config.demo.setting_up import World
from followups.calling import claiming
from followups.gateways.simulated.chances import chance
from followups.models import Claim, FollowUp
from followups.ticking.tick import tick
from kernel import zones
from kernel.errors import DomainError

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
SHIFT = range(8, 20)
DESKS_OPEN = 9
DAYS_A_WEEK = 6
"""Every seventh day nobody calls, as happens: some windows close on what was not tried."""

Deed = Callable[[datetime], None]


class Fieldwork:
    """Simulated staff at work. Whoever is in `callers` takes calls in their shift as long as there are any."""

    def __init__(self, world: World, callers: Sequence[User], *, every: timedelta = HOUR) -> None:
        self.world, self.callers, self.every = world, callers, every
        self._agenda: list[tuple[datetime, int, Deed]] = []
        self._order = count()
        self._busy: set[UUID] = set()
        self._ready: Counter[tuple[UUID, str]] = Counter()
        self.is_calling = True
        self.leave_since = datetime.max.replace(tzinfo=UTC)

    def begin(self, at: datetime) -> None:
        """Let the clock tick from `at` on."""
        self.on(at, self._tick)
        self.on(_next_at(at, DESKS_OPEN), self._day)

    def on(self, at: datetime, deed: Deed) -> None:
        """Have something done at a moment; what is for the same moment is done in the order in which it was said."""
        heappush(self._agenda, (at, next(self._order), deed))

    def work(self, until: datetime) -> None:
        """Everything before `until`, one thing after the other."""
        while self._agenda and self._agenda[0][0] < until:
            at, _order, deed = heappop(self._agenda)
            deed(at)

    def _tick(self, at: datetime) -> None:
        tick(at)
        self._ready = Counter(FollowUp.objects.ready_at(at).values_list("team", "language"))
        if self.is_calling and self._is_workday(at):
            self._wake(at)
        self.on(at + self.every, self._tick)

    def _is_workday(self, at: datetime) -> bool:
        return (at - self.world.began).days % 7 < DAYS_A_WEEK

    def _wake(self, at: datetime) -> None:
        for user in self.callers:
            if user.pk not in self._busy and self._is_there_work_for(user) and _is_on_shift(user, at):
                self._busy.add(user.pk)
                later = MINUTE * chance("wakes", user.username, at).randrange(1, 15)
                self.on(at + later, self._take_for(user))

    def _is_there_work_for(self, user: User) -> bool:
        return any(self._ready[team, code] > 0 for team in user.team_ids for code in user.language_codes)

    def _take_for(self, user: User) -> Deed:
        def take(at: datetime) -> None:
            claim = self._next_call(user, at) if _is_on_shift(user, at) else None
            if claim is None:
                self._busy.discard(user.pk)
                return
            self._ready[claim.follow_up.team_id, claim.follow_up.language] -= 1
            steps = sitting.call(self.world, claim, user, at + MINUTE)
            self.on(at + MINUTE, self._go_on(steps, user))

        return take

    def _next_call(self, user: User, at: datetime) -> Claim | None:
        return claiming.next_call(by=user, now=at) if self._is_there_work_for(user) else None

    def _go_on(self, steps: Iterator[datetime], user: User) -> Deed:
        def go_on(at: datetime) -> None:
            try:
                until = next(steps, None)
            except DomainError as refusal:
                # Contact ended, or the time ran out, while they were on the phone.
                self.world.diary.refused[refusal.code] += 1
                until = None
            if until is None:
                pause = MINUTE * chance("pause", user.username, at).randrange(3, 12)
                self.on(at + pause, self._take_for(user))
            else:
                self.on(until, self._go_on(steps, user))

        return go_on

    def _day(self, at: datetime) -> None:
        upkeep.run(at)
        desks.do_the_days_work(self.world, at, self.leave_since)
        self._expect_calls(at, at)
        self.on(at + DAY, self._day)

    def _expect_calls(self, day: datetime, since: datetime) -> None:
        """Of those who get in touch on that day, the ones who do so from `since` on."""
        for moment, deed, person in callers_in.of_the_day(self.world, day):
            if moment >= since:
                self.on(moment, _by_somebody(self.world, deed, person.team_id))


def _by_somebody(world: World, deed: callers_in.Deed, team: UUID) -> Deed:
    """An enumerator of their team takes it down."""

    def take_down(at: datetime) -> None:
        there = [one for one in world.enumerators if team in one.team_ids]
        try:
            deed(there[at.minute % len(there)])
        except DomainError as refusal:
            world.diary.refused[refusal.code] += 1

    return take_down


def _next_at(at: datetime, hour: int) -> datetime:
    today = at.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today >= at else today + DAY


def _is_on_shift(user: User, at: datetime) -> bool:
    return zones.local(at, user.time_zone).hour in SHIFT
