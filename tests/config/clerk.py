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

    def claims_that_ran_out(self, many: int) -> list[str]:
        """So many people whom somebody claimed yesterday at noon and forgot; their leases are over."""
        from followups.calling import claiming
        from followups.ticking.tick import tick
        from kernel import clock
        from tests import factories
        from tests.followups.making import make_ready
        from tracker.models import Respondent

        noon = (clock.wall() - timedelta(days=1)).replace(hour=12, minute=0)
        made = self.owe(2 * many, 0)[::2]
        tick(noon)
        for pk in made:
            make_ready(Respondent.objects.get(pk=pk), noon)
            caller = factories.make_user(team=self.team, now=noon)
            assert claiming.next_call(by=caller, now=noon) is not None
        return made

    def left_undone(self, people: list[str]) -> int:
        """How much the tick has not seen to of these people: windows to open and to close, leases that ran out."""
        from followups.models import Claim, FollowUp
        from kernel import clock

        owed, now = FollowUp.objects.filter(respondent__in=people), clock.wall()
        run_out = Claim.objects.run_out(now).filter(respondent__in=people)
        return owed.due_to_open(now).count() + owed.due_to_close(now).count() + run_out.count()

    def is_written_down(self, afresh: bool) -> bool:
        """Put one more beat into the queue; whether one of those before was taken, done, and its result written down.

        What a stalled cluster had taken may come back much later, so any of them will do.
        """
        from django_q.models import Task
        from django_q.tasks import async_task

        from config.background import BEAT_TASK

        has_come = not afresh and Task.objects.filter(pk__in=self.beats, success=True).exists()
        self.beats = [*([] if afresh else self.beats), async_task(BEAT_TASK, q_options={"save": True})]
        return has_come

    def twice(self) -> list[str]:
        """What happened more than once, or was told more or less often than it happened; empty when all is well."""
        from audit.actions import Action
        from followups.models import Claim, FollowUp
        from followups.models.claims import ClaimEnd
        from followups.models.follow_ups import State

        issued = FollowUp.objects.exclude(issued_at=None)
        missed = FollowUp.objects.filter(state=State.MISSED)
        found = [
            *differences("opened", issued, told(Action.FOLLOW_UP_OPENED)),
            *differences("missed", missed, told(Action.FOLLOW_UP_MISSED)),
            *differences(
                "released", Claim.objects.filter(ended=ClaimEnd.EXPIRED), told(Action.CLAIM_EXPIRED)
            ),
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
        from django_q.models import Failure

        from config import queues
        from followups.models import FollowUp

        queue = queues.here().look()
        return {
            "issued": FollowUp.objects.exclude(issued_at=None).count(),
            "queued": queue.waiting + (queue.taken or 0),
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
