"""How the supervisor feels the worker's pulse: it puts a beat into the queue and looks whether the queue moves."""

import logging
from dataclasses import dataclass, field

from django.db import Error, connections, transaction

from config.background import BEAT_TASK
from config.supervising import NoAnswer

logger = logging.getLogger(__name__)

WATCHED = 5000
"""So many of the oldest tasks are watched: enough to see a long queue move, few enough to read every few seconds."""


@dataclass
class WorkerPulse:
    """A task that was in the queue and has gone is the sign of life: somebody took it, ran it and wrote so down.

    A beat alone would say less: it waits behind a long queue, and it comes even while nothing is written down any more.
    Asks every 20 s, but while an answer is missing only each minute: a stalled queue must not fill with beats.
    With several machines on one queue the sign is anybody's: what one stalled worker holds, the others do in the end.
    """

    look_seconds: float = 5
    ask_seconds: float = 20
    unanswered_seconds: float = 60
    looked: float = 0
    asked: float = 0
    felt: float | None = None
    waiting: set[int] = field(default_factory=set)

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
            if self.has_moved():
                self.felt = now
            if self.is_time_to_ask(now):
                self.ask(now)
        except (Error, OSError, NoAnswer):
            # A database that is away is no reason to kill a worker that waits for it: count it as a sign of life.
            logger.warning("The database does not answer; the worker's pulse cannot be felt")
            self.felt = now
            # Closed outright: a connection that was cut short in a question gives no answer to the next one.
            connections.close_all()

    def has_moved(self) -> bool:
        """Whether a task seen waiting before has gone since."""
        from django_q.models import OrmQ

        waiting = set(OrmQ.objects.order_by("pk").values_list("pk", flat=True)[:WATCHED])
        has_moved = not self.waiting <= waiting
        self.waiting = waiting
        return has_moved

    def is_time_to_ask(self, now: float) -> bool:
        is_answered = self.felt is not None and self.felt > self.asked
        return now - self.asked >= (self.ask_seconds if is_answered else self.unanswered_seconds)

    def ask(self, now: float) -> None:
        """Put a beat into the queue, and know of it before a worker can have taken it away again."""
        from django_q.models import OrmQ
        from django_q.tasks import async_task

        with transaction.atomic():
            async_task(BEAT_TASK)
            self.waiting.add(OrmQ.objects.latest("pk").pk)
        self.asked = now
