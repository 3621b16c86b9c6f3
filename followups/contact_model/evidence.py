"""Evidence: how often people answered and did not, by round and slot."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followups.scheduling.slots import SLOTS

SLOT_COUNT = len(SLOTS)
NOT_STATED = -1

Floats = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]
Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts of n people in up to r rounds; the last round is the one under way, the same for everybody.

    `segment` (n,) is a place in `segments`, `stated` (n,) the slot a person named as their best or -1, `first` (n,)
    the round they began in (rounds before it are empty). `contacts` and `failures` (r, n, 8) are dials that reached
    the person and that did not, as they happened; `weight` (r, n) is how much the round still says of the person, by
    its age; `reached` (r, n) whether the round reached them at all; `moved` (r, n) whether their stage or number
    changed between the round before and this one; `renewed` (r, n) whether they gave a number, of which nothing that
    was dialled before says whether it is alive.
    """

    segments: tuple[str, ...]
    segment: Ints
    stated: Ints
    first: Ints
    contacts: Floats
    failures: Floats
    weight: Floats
    reached: Flags
    moved: Flags
    renewed: Flags

    def __post_init__(self) -> None:
        rounds, people, slots = self.contacts.shape
        if slots != SLOT_COUNT or self.failures.shape != self.contacts.shape:
            raise ValueError("contacts and failures are counted by round, person and the eight slots")
        if {one.shape for one in (self.weight, self.reached, self.moved, self.renewed)} != {(rounds, people)}:
            raise ValueError(
                "every round says of every person what it weighs, whether it reached them and whether they moved"
            )
        if not len(self.segment) == len(self.stated) == len(self.first) == people or not rounds:
            raise ValueError("every person has a segment, a stated slot or none, and a first round")

    @property
    def people(self) -> int:
        return len(self.segment)

    @property
    def rounds(self) -> int:
        return len(self.contacts)

    def of(self, people: Any) -> "Evidence":
        """The evidence on some of the people, named by their places."""
        return Evidence(
            segments=self.segments,
            segment=self.segment[people],
            stated=self.stated[people],
            first=self.first[people],
            contacts=self.contacts[:, people],
            failures=self.failures[:, people],
            weight=self.weight[:, people],
            reached=self.reached[:, people],
            moved=self.moved[:, people],
            renewed=self.renewed[:, people],
        )


def nothing_yet(segments: tuple[str, ...], segment: Ints, stated: Ints, rounds: int = 1) -> Evidence:
    """Evidence on people whom nobody has tried."""
    people = len(segment)
    return Evidence(
        segments=segments,
        segment=np.asarray(segment, np.int64),
        stated=np.asarray(stated, np.int64),
        first=np.zeros(people, np.int64),
        contacts=np.zeros((rounds, people, SLOT_COUNT), np.float32),
        failures=np.zeros((rounds, people, SLOT_COUNT), np.float32),
        weight=np.ones((rounds, people), np.float32),
        reached=np.zeros((rounds, people), np.bool_),
        moved=np.zeros((rounds, people), np.bool_),
        renewed=np.zeros((rounds, people), np.bool_),
    )
