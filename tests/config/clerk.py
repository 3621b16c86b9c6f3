"""A process beside a running panel: it makes its tables, enrols people who are owed a call, and counts what came of it.

python -m tests.config.clerk    (one JSON list a line: a word, then its arguments; answers one JSON line each)
"""

import json
import sys
from collections import Counter
from datetime import timedelta
from itertools import count

import django

IN_WINDOW_DAYS, PAST_WINDOW_DAYS = 25, 60
"""The first window of somebody who arrived is from the 23rd to the 51st day."""


class Clerk:
    def __init__(self) -> None:
        from accounts.permissions import Role
        from kernel import clock
        from tests import factories

        since = clock.wall() - timedelta(days=PAST_WINDOW_DAYS + 10)
        self.team = factories.make_team(country="TN", now=since)
        coordinator = factories.make_user(Role.COORDINATOR, team=self.team, now=since)
        self.enumerator = factories.make_user(team=self.team, now=since)
        self.study = factories.make_study(team=self.team, by=coordinator, now=since)
        factories.approve_wordings(now=since)
        self.serials = count(1)

    def owe(self, people: int, ticks: int) -> list[str]:
        """Enrol people, half of them with a window that is open and half with one that has passed; ask for ticks."""
        from django_q.tasks import async_task

        from config.background import TICK_TASK
        from kernel import clock
        from tests import factories

        made = []
        for serial in range(people):
            days = PAST_WINDOW_DAYS if serial % 2 else IN_WINDOW_DAYS
            person = factories.make_respondent(
                study=self.study,
                team=self.team,
                by=self.enumerator,
                now=clock.wall() - timedelta(days=days),
                numbers=(factories.synthetic_number(next(self.serials)),),
            )
            made.append(str(person.pk))
        for _ in range(ticks):
            async_task(TICK_TASK)
        return made

    def left_undone(self, people: list[str]) -> int:
        """How many of these people the tick has not seen to: an open window not opened, a passed one not closed."""
        from followups.models import FollowUp
        from kernel import clock

        owed = FollowUp.objects.filter(respondent__in=people)
        now = clock.wall()
        return owed.due_to_open(now).count() + owed.due_to_close(now).count()

    def is_written_down(self, afresh: bool) -> bool:
        """Put one more beat into the queue; whether one of those before was taken, done, and written off.

        What a stalled cluster had taken stays in the queue until `retry`, so the queue need not be empty.
        """
        from django_q.models import OrmQ
        from django_q.tasks import async_task

        from config.background import BEAT_TASK

        waiting = set(OrmQ.objects.values_list("pk", flat=True))
        has_moved = not afresh and not self.beats <= waiting
        async_task(BEAT_TASK)
        newest = OrmQ.objects.order_by("pk").last()
        self.beats = (set() if afresh else self.beats) | ({newest.pk} if newest else set())
        return has_moved

    def twice(self) -> list[str]:
        """What happened more than once, or was told more or less often than it happened; empty when all is well."""
        from audit.actions import Action
        from followups.models import FollowUp
        from followups.models.follow_ups import State

        issued = FollowUp.objects.exclude(issued_at=None)
        missed = FollowUp.objects.filter(state=State.MISSED)
        found = [
            *differences("opened", issued, told(Action.FOLLOW_UP_OPENED)),
            *differences("missed", missed, told(Action.FOLLOW_UP_MISSED)),
        ]
        owed = Counter(FollowUp.objects.unfinished().values_list("enrolment", flat=True))
        return [
            *found,
            *(f"{number} owed at once in {one}" for one, number in owed.items() if number > 1),
        ]

    def tell_again(self) -> None:
        """Plant a second event about something that happened once, so that `twice` can be seen to find it."""
        from audit import trail
        from audit.actions import Action
        from audit.models import AuditEvent
        from kernel import clock

        first = AuditEvent.objects.filter(action=Action.FOLLOW_UP_OPENED).first()
        trail.record(Action.FOLLOW_UP_OPENED, by=None, at=clock.wall(), detail=first.detail)

    def count(self) -> dict[str, int]:
        from django_q.models import Failure, OrmQ

        from followups.models import FollowUp

        return {
            "issued": FollowUp.objects.exclude(issued_at=None).count(),
            "queued": OrmQ.objects.count(),
            "failures": Failure.objects.count(),
        }


def told(action: str) -> Counter:
    """How often the trail tells that this happened to each follow-up."""
    from audit.models import AuditEvent

    tellings = Counter()
    for detail in AuditEvent.objects.filter(action=action).values_list("detail", flat=True):
        which = detail["which"]
        tellings.update(which if isinstance(which, list) else [pk for pks in which.values() for pk in pks])
    return tellings


def differences(what: str, rows, tellings: Counter) -> list[str]:
    happened = Counter(str(pk) for pk in rows.values_list("pk", flat=True))
    odd = {pk for pk in happened | tellings if happened[pk] != tellings[pk]}
    return [f"{pk} {what} {happened[pk]} times, told {tellings[pk]} times" for pk in sorted(odd)]


def say(what) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def make_tables() -> None:
    """Here and not by three commands, each of which would load everything once more."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("migrate", database="vault", verbosity=0, skip_checks=True)
    call_command("createcachetable", verbosity=0)


if __name__ == "__main__":
    django.setup()
    from django.db import connections

    make_tables()
    clerk = Clerk()
    say("ready")
    for line in sys.stdin:
        # A connection kept over an outage would only tell of the outage.
        connections.close_all()
        word, *arguments = json.loads(line)
        say(getattr(clerk, word)(*arguments))
    connections.close_all()
