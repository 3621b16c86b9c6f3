"""One process of callers: takes calls, holds each for a moment, and says in a file of its own from when until when.

python -m tests.followups.races.worker WITNESS_FILE [--no-lock]
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import django

LEASE_SECONDS = 3.0
LEFT_BEHIND, RELEASED = 0.03, 0.10
"""Shares of claims that nobody ends, and that a coordinator ends."""


def main(arguments: list[str]) -> None:
    django.setup()
    from followups.calling import taking

    taking.LEASE = timedelta(seconds=LEASE_SECONDS)
    if "--no-lock" in arguments:
        _let_everybody_in()
    witness = os.open(arguments[0], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    Caller(Random(os.getpid()), witness).go_on_until_told()  # noqa: S311


def _let_everybody_in() -> None:
    """The planted fault: nobody sees that somebody has been claimed already."""
    from followups.models.claims import Claims

    Claims.live = lambda self, now: self.none()


class Caller:
    """Whoever of all the enumerators presses next, in this process."""

    def __init__(self, random: Random, witness: int) -> None:
        from accounts.models import User
        from accounts.permissions import Role

        self.random, self.witness = random, witness
        self.enumerators = list(User.objects.enumerators())
        self.coordinator = User.objects.get(role=Role.COORDINATOR)

    def go_on_until_told(self) -> None:
        from django.db import OperationalError

        while True:
            try:
                self._one_call()
            except OperationalError as away:
                # On SQLite a writer waits its time and is told that the file is locked: it presses again.
                print(f"pressed again: {away}", file=sys.stderr)  # noqa: T201

    def _one_call(self) -> None:
        from followups.calling import claiming

        by, now = self.random.choice(self.enumerators), datetime.now(UTC)
        claim = claiming.next_call(by=by, now=now)
        seen = time.time()
        if claim is None or claim.claimed_at != now:
            # Nobody to call, or what this caller holds already in another process.
            time.sleep(0.002)
            return
        self._say("from", seen, claim)
        time.sleep(self.random.expovariate(1 / 0.005))
        if self.random.random() < LEFT_BEHIND:
            return
        self._say("until", time.time(), claim)
        self._end(claim, by)

    def _say(self, what: str, at: float, claim) -> None:
        lease = claim.expires_at.timestamp()
        line = f"{what} {at:.6f} {claim.pk} {claim.respondent_id} {claim.enumerator_id} {lease:.6f}\n"
        os.write(self.witness, line.encode())

    def _end(self, claim, by) -> None:
        from followups.calling import claiming, releasing
        from followups.calling.claiming import HandBack
        from followups.calling.releasing import ReleaseReason
        from followups.models import FollowUp
        from followups.models.follow_ups import State
        from kernel.errors import Conflict

        now = datetime.now(UTC)
        try:
            if self.random.random() < RELEASED:
                releasing.release(claim=claim, why=ReleaseReason.AWAY, by=self.coordinator, now=now)
                return
        except Conflict:
            return  # the lease ran out a moment ago
        claiming.hand_back(claim=claim, why=HandBack.CANNOT_NOW, by=by, now=now)
        # Back into the queue at once, or the race would be over when everybody rests.
        FollowUp.objects.filter(pk=claim.follow_up_id, state=State.RESTING).update(
            state=State.READY,
            has_begun=True,
            ready_from=now,
            ready_until=now + timedelta(hours=8),
            waiting_for="",
        )


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main(sys.argv[1:])
