"""One caller after another takes the next call, by the use case and by the bare claim in turns.

Each case starts from the same queue. What a claim costs is told by its median and by the 95th of a hundred.
"""

import gc
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice

from django.db import connections

from accounts.models import User
from benchmarks import callers, drivers
from benchmarks.bare_claim import BareClaim
from benchmarks.bulk import unguarded
from benchmarks.figures import QUICK, Figure, figure, quantile
from benchmarks.lives import NOW
from benchmarks.queue_state import QueueState, run
from followups.calling import claiming, taking

EACH = 5 if QUICK else 100
WARM = 2 if QUICK else 10
AT_THE_HEAD = 20_000
CLAIMED_BEFORE = 10_000
LEDGER = "consent_ledgerentry"
OVER, NOT_OVER = NOW - timedelta(days=1), NOW + timedelta(days=300)


def _as_it_is(size: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Case:
    """A queue, and who takes calls from it."""

    name: str
    group: str = "one"
    prepare: Callable[[int], None] = _as_it_is
    finds_somebody: bool = True


def measure(size: int, database: str) -> Iterator[Figure]:
    """The median and the 95th of each case."""
    with drivers.connected("default") as driver:
        for case in CASES:
            state = QueueState()
            case.prepare(size)
            ours, bare = _in_turns(case, BareClaim(driver))
            _undo(state)
            for name, share in (("p50", 0.5), ("p95", 0.95)):
                yield figure(
                    f"claim {name}, {case.name}", database, size,
                    value=quantile(ours, share) * 1000, bare=quantile(bare, share) * 1000, unit="ms",
                )  # fmt: skip


def _in_turns(case: Case, bare: BareClaim) -> tuple[list[float], list[float]]:
    """Seconds of each claim of both sides, one of ours and one bare after the other."""
    took: tuple[list[float], list[float]] = ([], [])
    sides: tuple[Callable[[User], object], ...] = (_ours, lambda by: bare.take(by, NOW) or None)
    missed = [0, 0]
    people = islice(cycle(callers.group(case.group)), 2 * (EACH + WARM))
    gc.disable()
    for number, by in enumerate(people):
        which = number % 2
        began = time.perf_counter()
        found = sides[which](by)
        took[which].append(time.perf_counter() - began)
        missed[which] += (found is None) is case.finds_somebody
    gc.enable()
    if any(missed):
        text = f"{case.name}: {missed[0]} of ours and {missed[1]} of the bare side came to another end"
        print(text, file=sys.stderr, flush=True)  # noqa: T201
    return took[0][WARM:], took[1][WARM:]


def _ours(by: User) -> object:
    return claiming.next_call(by=by, now=NOW)


# --- Cases ------------------------------------------------------------------------------------------------------------

HEAD = (
    "SELECT f.{column} FROM followups_followup f WHERE f.state = 'ready' AND f.team_id = %s AND f.language = 'en'"
    " AND f.ready_from <= %s AND f.ready_until > %s ORDER BY f.priority, f.closes_at, f.id LIMIT %s"
)


def _at_the_head(column: str, size: int) -> tuple[str, list[object]]:
    """The people, or rows, at the head of the queue; never more than a fifth of it."""
    [team] = callers.group("one")[0].team_ids
    connection = connections["default"]
    sent = team if connection.features.has_native_uuid_field else team.hex
    return HEAD.format(column=column), [sent, NOW, NOW, min(AT_THE_HEAD, size // 25)]


def _withdrawn(size: int) -> None:
    """As no use case leaves them: the queue still holds whoever is called no more."""
    heads, values = _at_the_head("respondent_id", size)
    run(
        f"UPDATE tracker_respondent SET status = 'stopped' WHERE id IN (SELECT * FROM ({heads}) AS heads)",
        values,
    )


def _consent_over(size: int) -> None:
    """Consent runs out while a row stands in the queue, and nobody has looked at it since."""
    heads, values = _at_the_head("respondent_id", size)
    with unguarded(LEDGER):
        run(
            f"UPDATE {LEDGER} SET expires_at = %s"
            f" WHERE expires_at IS NOT NULL AND respondent_id IN (SELECT * FROM ({heads}) AS heads)",
            [OVER, *values],
        )


def _undo(state: QueueState) -> None:
    state.restore(NOW)
    run("UPDATE tracker_respondent SET status = 'active' WHERE status = 'stopped'")
    with unguarded(LEDGER):
        run(f"UPDATE {LEDGER} SET expires_at = %s WHERE expires_at = %s", [NOT_OVER, OVER])


def _claimed_before(size: int) -> None:
    """Claims by the use case, each ended by an outcome that lets the row rest."""
    done, people = 0, cycle(callers.group("one"))
    wanted = min(CLAIMED_BEFORE, size // 25)
    while done < wanted:
        by = next(people)
        claim = claiming.next_call(by=by, now=NOW)
        if claim is None:
            break
        run("UPDATE followups_claim SET ended_at = %s, ended = 'outcome' WHERE ended_at IS NULL", [NOW])
        taking.rest_a_little(claim.follow_up, NOW)
        done += 1


def _all_later(size: int) -> None:
    """In one language everybody's time comes tomorrow."""
    run(
        "UPDATE followups_followup SET ready_from = %s, ready_until = %s, has_begun = false"
        " WHERE state = 'ready' AND language = 'en'",
        [NOW + timedelta(hours=20), NOW + timedelta(hours=23)],
    )


CASES = (
    Case("1 language"),
    Case("2 languages", "two"),
    Case("5 languages", "five"),
    Case("nobody speaks it", callers.NOBODYS, finds_somebody=False),
    Case("nobody before tomorrow", "one", _all_later, finds_somebody=False),
    Case("withdrawn at the head", "one", _withdrawn),
    Case("consent over at the head", "one", _consent_over),
    Case("after 10,000 claims", "one", _claimed_before),
)
