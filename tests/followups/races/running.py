"""One race: processes started, killed and started again until enough calls were taken; then what the checker found."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.followups.races import checker, ground

PEOPLE_A_PROCESS, CALLERS_A_PROCESS = 6, 4
WORKER, TICKER = "tests.followups.races.worker", "tests.followups.races.ticking"


@dataclass
class Race:
    """What is raced, and how it went."""

    claims: int
    processes: int
    kill_seconds: float
    limit_seconds: float
    is_planted: bool = False
    folder: Path = field(default_factory=Path)
    killed: int = 0
    started: int = 0
    children: list[subprocess.Popen] = field(default_factory=list)
    ticker: subprocess.Popen | None = None

    def run(self) -> dict:
        # A race that is to be lost is run for one person, so that it is lost at once.
        people = 1 if self.is_planted else self.processes * PEOPLE_A_PROCESS
        ground.prepare(people, self.processes * CALLERS_A_PROCESS)
        if self.is_planted:
            _drop_constraints()
        began = time.monotonic()
        with self._everybody():
            self._until(lambda: _claims_taken() >= self.claims, began)
        return self._found(time.monotonic() - began)

    @contextmanager
    def _everybody(self) -> Iterator[None]:
        try:
            self.children = [self._worker() for _process in range(self.processes)]
            self.ticker = self._start(TICKER)
            yield
        finally:
            for child in (*self.children, self.ticker):
                if child is not None:
                    child.kill()
                    child.wait()

    def _until(self, is_enough: Callable[[], bool], began: float) -> None:
        random, next_kill = Random(7), time.monotonic() + self.kill_seconds  # noqa: S311
        while not is_enough() and time.monotonic() - began < self.limit_seconds:
            time.sleep(0.25)
            if time.monotonic() >= next_kill:
                self._kill_one(random)
                next_kill = time.monotonic() + self.kill_seconds

    def _kill_one(self, random: Random) -> None:
        """A worker or, one time in four, the ticker, wherever it is at this moment; and another in its place."""
        self.killed += 1
        if random.random() < 0.25 and self.ticker is not None:
            self.ticker.kill()
            self.ticker.wait()
            self.ticker = self._start(TICKER)
            return
        place = random.randrange(len(self.children))
        self.children[place].kill()
        self.children[place].wait()
        self.children[place] = self._worker()

    def _worker(self) -> subprocess.Popen:
        self.started += 1
        planted = ["--no-lock"] if self.is_planted else []
        return self._start(WORKER, str(self.folder / f"{self.started}.witness"), *planted)

    def _start(self, module: str, *arguments: str) -> subprocess.Popen:
        with (self.folder / "errors.log").open("ab") as log:
            return subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=log, stderr=log)

    def _found(self, seconds: float) -> dict:
        rows, lines = _rows(), checker.read_witnesses(self.folder)
        seen = checker.witnessed(lines)
        double = {
            "witnessed": len(checker.doubles(seen)),
            "in_the_table": len(checker.doubles(checker.written(rows, lines))),
            "in_the_trail": checker.out_of_turn(
                _events(), {str(row[0]): (str(row[1]), str(row[2])) for row in rows}
            ),
            "at_the_end": checker.unended(rows),
        }
        return {
            "claims": len(rows),
            "double": sum(double.values()),
            "double_by_record": double,
            "witnessed": len(seen) // 2,
            "in_two_studies": _in_two_studies(),
            "killed": self.killed,
            "processes": self.processes,
            "seconds": round(seconds, 1),
            "claims_per_second": round(len(rows) / seconds, 1),
            "ended": _how_they_ended(),
            "unexpected": _unexpected(self.folder / "errors.log"),
        }


def _claims_taken() -> int:
    from followups.models import Claim

    return Claim.objects.count()


def _rows() -> list[tuple]:
    from followups.models import Claim

    rows = Claim.objects.values_list("pk", "respondent", "enumerator", "claimed_at", "expires_at", "ended_at")
    return [
        (pk, person, caller, claimed.timestamp(), expires.timestamp(), ended and ended.timestamp())
        for pk, person, caller, claimed, expires, ended in rows
    ]


def _events() -> Iterator[tuple[str, list[str]]]:
    from audit.actions import Action
    from audit.models import AuditEvent

    ends = [Action.CLAIM_RELEASED.value, Action.CLAIM_EXPIRED.value]
    told = AuditEvent.objects.filter(action__in=[Action.CLAIMED.value, *ends]).order_by("id")
    for action, claim, detail in told.values_list("action", "object_id", "detail").iterator(chunk_size=5000):
        which = detail["which"] if action == Action.CLAIM_EXPIRED else [str(claim)]
        yield ("claimed" if action == Action.CLAIMED else "ended"), which


def _in_two_studies() -> int:
    """How many people were claimed for two studies."""
    from django.db.models import Count

    from followups.models import Claim

    studies = Claim.objects.values("respondent").annotate(n=Count("follow_up", distinct=True))
    return studies.filter(n=2).count()


def _how_they_ended() -> dict[str, int]:
    from django.db.models import Count

    from followups.models import Claim

    counted = Claim.objects.order_by().values_list("ended").annotate(Count("pk"))
    return {ended or "live": number for ended, number in counted}


def _drop_constraints() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for name in ("one_live_claim_per_respondent", "one_live_claim_per_enumerator"):
            cursor.execute(f"DROP INDEX IF EXISTS {name}")


def _unexpected(log: Path) -> int:
    """Errors of a kind that nobody expects, whatever was killed."""
    with suppress(FileNotFoundError):
        return log.read_text(errors="replace").count("Traceback")
    return 0
