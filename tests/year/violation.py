"""What the observer found: one broken promise, told in one line."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Violation:
    """Which check found it, when it happened, whom it happened to (None: nobody in particular), and what it was."""

    check: str
    told: str
    at: datetime | None = None
    ref: UUID | None = None

    def __str__(self) -> str:
        when = f"{self.at:%Y-%m-%d %H:%M:%S} " if self.at else ""
        whom = f" [{self.ref}]" if self.ref else ""
        return f"{self.check}: {when}{self.told}{whom}"


def report(found: Iterable[Violation]) -> str:
    """How many of each kind, then the first of each in full."""
    return "\n".join(_lines(sorted(found, key=lambda one: one.check)))


def _lines(found: list[Violation]) -> Iterator[str]:
    counts = Counter(one.check for one in found)
    yield f"{len(found)} violations: {dict(counts)}"
    for _check, same in groupby(found, key=lambda one: one.check):
        yield from (f"  {one}" for one in list(same)[:SHOWN])
