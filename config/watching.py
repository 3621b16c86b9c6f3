"""How the supervisor feels the worker's pulse: it puts a beat into the queue and looks whether the queue moves."""

import logging
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from django.conf import settings
from django.db import Error, connections, transaction

from config import queues
from config.background import BEAT_TASK
from config.queues import QueueAway
from config.supervising import NoAnswer

logger = logging.getLogger(__name__)

WATCHED = 5000
"""So many of the oldest tasks are watched: enough to see a long queue move, few enough to read every few seconds."""
REMEMBERED = 50
"""So many of the last beats are remembered; one that a killed worker took out of Redis never comes back."""


class Signs(Protocol):
    """What of a queue can be seen from outside."""

    def have_come(self) -> bool:
        """Whether a task was taken, run, and written down since the last look."""
        ...

    def ask(self) -> None:
        """Put a beat into the queue."""
        ...


@dataclass
class InTheDatabase:
    """A task that was in the queue and has gone: somebody took it, ran it and wrote so down.

    A beat alone would say less: it waits behind a long queue, and it comes even while nothing is written down any more.
    """

    waiting: set[int] = field(default_factory=set)

    def have_come(self) -> bool:
        from django_q.models import OrmQ

        waiting = set(OrmQ.objects.order_by("pk").values_list("pk", flat=True)[:WATCHED])
        has_moved = not self.waiting <= waiting
        self.waiting = waiting
        return has_moved

    def ask(self) -> None:
        """Know of the beat before a worker can have taken it away again."""
        from django_q.models import OrmQ
        from django_q.tasks import async_task

        with transaction.atomic():
            async_task(BEAT_TASK)
            self.waiting.add(OrmQ.objects.latest("pk").pk)


@dataclass
class InRedis:
    """A beat whose result is in the database, asked for and then taken away; or a queue that has grown shorter.

    What is taken from Redis is gone from it at once, so that its going says nothing. A stalled worker takes a few
    more tasks from a long queue, and then no more.
    """

    asked: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    length: int = 0

    def have_come(self) -> bool:
        from django_q.models import Task

        written = Task.objects.filter(pk__in=[*self.asked])
        done = set(written.values_list("pk", flat=True))
        if done:
            written.filter(pk__in=done).delete()
            self.asked = deque((one for one in self.asked if one not in done), REMEMBERED)
        length = queues.here().look().waiting
        has_shrunk, self.length = length < self.length, length
        return bool(done) or has_shrunk

    def ask(self) -> None:
        from django_q.tasks import async_task

        with queues.answering():
            self.asked.append(async_task(BEAT_TASK, q_options={"save": True}))


def here() -> Signs:
    """The signs of the queue that settings name."""
    return InRedis() if settings.Q_CLUSTER.get("redis") else InTheDatabase()


@dataclass
class WorkerPulse:
    """Asks every 20 s, but while an answer is missing only each minute: a stalled queue must not fill with beats.

    With several machines on one queue the sign is anybody's: what one stalled worker holds, the others do in the end.
    """

    look_seconds: float = 5
    ask_seconds: float = 20
    unanswered_seconds: float = 60
    looked: float = 0
    asked: float = 0
    felt: float | None = None
    signs: Signs = field(default_factory=here)

    @classmethod
    def for_patience(cls, stale_seconds: float) -> "WorkerPulse":
        """Often enough for a supervisor that waits so long: it asks four times before it acts."""
        return cls(
            look_seconds=min(cls.look_seconds, stale_seconds / 18),
            ask_seconds=min(cls.ask_seconds, stale_seconds / 4.5),
            unanswered_seconds=min(cls.unanswered_seconds, stale_seconds / 1.5),
        )

    def __call__(self, now: float) -> float | None:
        """The monotonic moment of the last sign of life; None when none was seen."""
        if now - self.looked >= self.look_seconds:
            self.looked = now
            self.look(now)
        return self.felt

    def look(self, now: float) -> None:
        try:
            if self.signs.have_come():
                self.felt = now
            if self.is_time_to_ask(now):
                self.signs.ask()
                self.asked = now
        except (Error, OSError, NoAnswer, QueueAway):
            # A database that is away is no reason to kill a worker that waits for it: count it as a sign of life.
            logger.warning("The queue does not answer; the worker's pulse cannot be felt")
            self.felt = now
            # Closed outright: a connection that was cut short in a question gives no answer to the next one.
            connections.close_all()

    def is_time_to_ask(self, now: float) -> bool:
        is_answered = self.felt is not None and self.felt > self.asked
        return now - self.asked >= (self.ask_seconds if is_answered else self.unanswered_seconds)
