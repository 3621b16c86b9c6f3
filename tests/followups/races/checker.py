"""Whether two claims were ever live at once on one person or by one enumerator; asks three records and no rule.

What a process saw is exact: it held the call at least from the moment it was told so until just before it gave it
back. The claims table says `claimed_at` when somebody pressed; who had to wait their turn held it only later, so a
claim counts there from when it was seen. In the trail, on one person or caller a claim follows the end of another.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

WAITING_SECONDS = 25.0
"""A claim that its process did not live to see may have been written this long after it was asked for."""


@dataclass(frozen=True)
class Held:
    """A claim was held in [since, until), in seconds; `whom` is a person or an enumerator."""

    claim: str
    whom: str
    since: float
    until: float


def doubles(held: Iterable[Held]) -> list[tuple[Held, Held]]:
    """Pairs of different claims that held the same one at the same time."""
    by_whom = defaultdict(list)
    for one in held:
        by_whom[one.whom].append(one)
    return [pair for some in by_whom.values() for pair in _beside_each_other(some)]


def _beside_each_other(held: list[Held]) -> Iterator[tuple[Held, Held]]:
    longest = None
    for one in sorted(held, key=lambda each: each.since):
        if longest is not None and one.since < longest.until and one.claim != longest.claim:
            yield longest, one
        longest = one if longest is None or one.until > longest.until else longest


def read_witnesses(folder: Path) -> list[list[str]]:
    """The lines of every process, in its order; the last of one that was killed may be cut off."""
    lines = [line.split() for file in folder.glob("*.witness") for line in file.read_text().splitlines()]
    return [line for line in lines if len(line) == 6]


def witnessed(lines: list[list[str]]) -> list[Held]:
    """What the processes saw from its beginning to its end, on people and on enumerators."""
    found = []
    for (what, since, claim, person, caller, lease), (after, until, same, *_rest) in pairwise(lines):
        if (what, after, claim) == ("from", "until", same) and float(since) < float(lease):
            # After the lease they were told of somebody else may have it, whatever this process still believed: a
            # machine that is busy may tell them late, and their lease runs from when they asked.
            end = min(float(until), float(lease))
            found += [Held(claim, whom, float(since), end) for whom in (person, caller)]
    return found


def written(rows: Iterable[tuple], lines: list[list[str]]) -> list[Held]:
    """What the table says; rows of (id, respondent, enumerator, claimed, expires, ended or None), times in seconds."""
    seen = {claim: float(since) for what, since, claim, *_rest in lines if what == "from"}
    return [
        Held(
            str(claim),
            str(whom),
            seen.get(str(claim), claimed + WAITING_SECONDS),
            min(expires, ended or expires),
        )
        for claim, person, caller, claimed, expires, ended in rows
        for whom in (person, caller)
    ]


def out_of_turn(events: Iterable[tuple[str, list[str]]], whom_of: dict[str, tuple[str, str]]) -> int:
    """Claims in the trail that began before the one before had ended; events are ("claimed" or "ended", claims)."""
    holding: dict[str, str] = {}
    found = 0
    for what, claims in events:
        for claim in claims:
            for whom in whom_of[claim]:
                if what == "claimed":
                    found += whom in holding
                    holding[whom] = claim
                elif holding.get(whom) == claim:
                    del holding[whom]
    return found


def unended(rows: Iterable[tuple]) -> int:
    """How many hold a person or an enumerator twice at the end, by the rows that nobody has ended."""
    open_rows = [row for row in rows if row[5] is None]
    people, callers = {row[1] for row in open_rows}, {row[2] for row in open_rows}
    return 2 * len(open_rows) - len(people) - len(callers)
