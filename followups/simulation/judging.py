"""The dials of a simulated run, and an independent count of those that its world does not allow."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from followups.contact_model.evidence import SLOT_COUNT, Flags, Ints
from followups.simulation.world import WorldSpec


@dataclass(frozen=True, slots=True)
class Dials:
    """Every dial in the order made: wave, turn within the wave, person, slot, and whether it was answered."""

    wave: Ints
    turn: Ints
    person: Ints
    slot: Ints
    answered: Flags


@dataclass(slots=True)
class Journal:
    """Writes down every dial of a run."""

    spec: WorldSpec
    _parts: list[Dials] = field(default_factory=list)

    def write(self, wave: int, turn: int, people: Ints, slots: Ints, answered: Flags) -> None:
        same = np.full(len(people), 1)
        self._parts.append(Dials(same * wave, same * turn, people, slots, answered))

    def dials(self) -> Dials:
        parts = self._parts
        if not parts:
            nobody = np.zeros(0, np.int64)
            return Dials(nobody, nobody, nobody, nobody, np.zeros(0, np.bool_))
        return Dials(
            wave=np.concatenate([part.wave for part in parts]),
            turn=np.concatenate([part.turn for part in parts]),
            person=np.concatenate([part.person for part in parts]),
            slot=np.concatenate([part.slot for part in parts]),
            answered=np.concatenate([part.answered for part in parts]),
        )


def violations(spec: WorldSpec, dials: Dials) -> int:
    """How many dials broke a rule: over the cap of a wave, two in one turn, after an answer, to a slot or person that
    does not exist. Counted from the list alone, dial by dial."""
    made: Counter[tuple[int, int]] = Counter()
    last_turn: dict[tuple[int, int], int] = {}
    over: set[tuple[int, int]] = set()
    broken = 0
    columns = (dials.wave, dials.turn, dials.person, dials.slot, dials.answered)
    for wave, turn, person, slot, answered in zip(*(column.tolist() for column in columns), strict=True):
        which = (wave, person)
        made[which] += 1
        broken += (
            made[which] > spec.cap
            or which in over
            or last_turn.get(which, -1) >= turn
            or not 0 <= slot < SLOT_COUNT
            or not 0 <= person < spec.respondents
            or not 0 <= wave < spec.waves
        )
        last_turn[which] = turn
        if answered:
            over.add(which)
    return broken
