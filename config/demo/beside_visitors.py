"""Simulated staff beside visitors: they leave them the accounts that are shown, and some of the queue."""

import logging
from collections.abc import Sequence
from copy import copy
from datetime import datetime, timedelta
from heapq import heappop
from uuid import UUID

from django.db import OperationalError

from accounts.models import Team, User
from config.demo import asking, loading, people, sketches
from config.demo.content import MORE_STAFF, ROLES_SHOWN, STAFF, STUDY_CODE
from config.demo.desks import LEFT_FOR_VISITORS
from config.demo.fieldwork import DAY, DESKS_OPEN, Fieldwork
from config.demo.setting_up import World
from followups.gateways.simulated.chances import chance
from followups.models import Claim
from followups.queue import ready_for
from kernel.errors import DomainError
from tracker.models import Respondent, Study

log = logging.getLogger(__name__)

TICK = timedelta(minutes=5)
JOINS, ASKS = timedelta(hours=3), timedelta(hours=2)
"""How often somebody joins, and how often somebody wants a partner's help outside a call: often, to be seen."""
GUEST = "enumerator"
LEFT_FOR_GUEST, LEFT_AT_MOST = 3, timedelta(minutes=90)
"""The last so many whom the visitor's enumerator could call are left to the visitor, for half a daypart."""


class BesideVisitors(Fieldwork):
    """Fieldwork that goes on, beside visitors, from where the loaded study stands."""

    def __init__(self, staff: Sequence[User], now: datetime) -> None:
        world = world_of(staff, now)
        super().__init__(world, world.enumerators, every=TICK)
        self.guest = User.objects.get(username=GUEST)
        self._left_since: dict[UUID, datetime] = {}

    def begin(self, at: datetime) -> None:
        """Let the clock tick from `at` on; who gets in touch in what is left of this day does so too."""
        super().begin(at)
        self.on(at + JOINS / 5, self._somebody_joins)
        self.on(at + ASKS / 5, self._somebody_asks)
        opened = at.replace(hour=DESKS_OPEN, minute=0, second=0, microsecond=0)
        self._expect_calls(opened if opened < at else opened - DAY, at)

    def work(self, until: datetime) -> None:
        """Everything before `until`. What cannot be done, with a locked vault or a busy database, is put off."""
        while self._agenda and self._agenda[0][0] < until:
            at, _order, deed = heappop(self._agenda)
            try:
                deed(at)
            except (DomainError, OperationalError) as trouble:
                log.warning("Put off for %s minutes: %s", TICK.seconds // 60, trouble)
                self.on(at + TICK, deed)

    def _day(self, at: datetime) -> None:
        self.leave_since = at - LEFT_FOR_VISITORS
        super()._day(at)

    def _next_call(self, user: User, at: datetime) -> Claim | None:
        return super()._next_call(self._sparing(user, at), at)

    def _sparing(self, user: User, at: datetime) -> User:
        """The caller as they are, or without the languages of a visitor for whom little is left."""
        if not self._is_guest_short(at):
            return user
        sparing = copy(user)
        theirs = self.guest.language_codes
        sparing._language_codes = tuple(code for code in user.language_codes if code not in theirs)
        return sparing

    def _is_guest_short(self, at: datetime) -> bool:
        """Whether few are left for the visitor, and one of them has not been there for long."""
        left = list(ready_for(self.guest, at).values_list("pk", flat=True)[: LEFT_FOR_GUEST + 1])
        since = {pk: self._left_since.get(pk, at) for pk in left}
        self._left_since |= since
        return len(left) <= LEFT_FOR_GUEST and any(at - one < LEFT_AT_MOST for one in since.values())

    def _somebody_joins(self, at: datetime) -> None:
        known = {sketches.person_behind(pk) for pk in Respondent.objects.values_list("pk", flat=True)}
        sketch = people.newcomer(int(at.timestamp()) // 60, 0, at)
        if sketch is not None and sketch.person not in known:
            loading.enrol(self.world, sketch, at)
        self.on(at + JOINS, self._somebody_joins)

    def _somebody_asks(self, at: datetime) -> None:
        active = Respondent.objects.active().filter(
            team__in=[pk for one in self.callers for pk in one.team_ids]
        )
        invented = [one for one in active.order_by("pk") if sketches.person_behind(one.pk) is not None]
        if invented:
            person = chance("wants help", at).choice(invented)
            by = next(one for one in self.callers if person.team_id in one.team_ids)
            asking.ask_someone_near(self.world, person, by, at)
        self.on(at + ASKS, self._somebody_asks)


def simulated_staff() -> list[User]:
    """Those who work by themselves; the accounts shown to visitors are left to them."""
    shown = {username for _role, username in ROLES_SHOWN}
    names = [one.username for one in (*STAFF, *MORE_STAFF) if one.username not in shown]
    return list(User.objects.filter(username__in=names, is_active=True).order_by("username"))


def world_of(staff: Sequence[User], now: datetime) -> World:
    """The loaded study as these members of staff know it; their week begins now."""
    return World(
        began=now,
        staff={one.username: one for one in staff},
        teams={one.code: one for one in Team.objects.all()},
        study=Study.objects.get(code=STUDY_CODE),
    )
