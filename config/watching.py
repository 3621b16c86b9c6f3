"""How the supervisor feels the worker's pulse: it asks for a beat through the queue itself and looks when it came."""

import logging
from dataclasses import dataclass

from django.db import Error, close_old_connections

from config.background import BEAT_TASK, last_beat
from kernel import clock

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5
ASK_SECONDS = 20
UNANSWERED_SECONDS = 60


@dataclass
class WorkerPulse:
    """Asks every 20 s, but while an answer is missing only each minute: a stalled queue must not fill with beats."""

    looked: float = 0
    asked: float = 0
    felt: float | None = None

    def __call__(self, now: float) -> float | None:
        """The monotonic moment of the last beat seen; None when none was, or the database does not answer."""
        if now - self.looked >= LOOK_SECONDS:
            self.looked = now
            self.look(now)
        return self.felt

    def look(self, now: float) -> None:
        try:
            at = last_beat()
            if at is not None:
                self.felt = now - max((clock.now() - at).total_seconds(), 0)
            if self.is_time_to_ask(now):
                self.ask(now)
        except (Error, OSError):
            # A database that is away is no reason to kill a worker that waits for it: count it as a sign of life.
            logger.warning("The database does not answer; the worker's beat cannot be read")
            self.felt = now
            close_old_connections()

    def is_time_to_ask(self, now: float) -> bool:
        is_answered = self.felt is not None and self.felt >= self.asked
        return now - self.asked >= (ASK_SECONDS if is_answered else UNANSWERED_SECONDS)

    def ask(self, now: float) -> None:
        from django_q.tasks import async_task

        async_task(BEAT_TASK)
        self.asked = now
