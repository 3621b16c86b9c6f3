"""Stretches of the panel by ids of respondents, which are random: stretches of one width hold as many people. Pure."""

from collections.abc import Iterator
from uuid import UUID

IDS = 1 << 128
FIRST, LAST = UUID(int=0), UUID(int=IDS - 1)

Stretch = tuple[UUID, UUID]
"""From the first id to the last, both included."""


def width_for(people: int, of_people: int) -> int:
    """How many ids hold so many people when all ids hold `of_people`."""
    return min(max(IDS * people // max(of_people, 1), 1), IDS)


def stretches(first: UUID, last: UUID, width: int) -> Iterator[Stretch]:
    """[first, last] in pieces of `width` ids, in order."""
    start = first.int
    while start <= last.int:
        end = min(start + width - 1, last.int)
        yield UUID(int=start), UUID(int=end)
        start = end + 1


def shares(processes: int) -> list[Stretch]:
    """All ids in as many equal parts."""
    return list(stretches(FIRST, LAST, -(-IDS // processes)))


def after(last: UUID) -> UUID | None:
    """The id after this one; None after the very last."""
    return None if last == LAST else UUID(int=last.int + 1)


def around(start: int, width: int) -> list[Stretch]:
    """`width` ids from a place on, going round at the end."""
    end = start + min(width, IDS)
    here = [(UUID(int=start), UUID(int=min(end, IDS) - 1))]
    return here if end <= IDS else [*here, (FIRST, UUID(int=end - IDS - 1))]
