"""What a model has learned of a whole panel; small, and all that has to be kept of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from followups.contact_model.evidence import SLOT_COUNT, Floats

FLAT = (0.0,) * SLOT_COUNT


@dataclass(frozen=True, slots=True)
class Parameters:
    """The defaults are what is believed before the first dial, from method 3.5 and 3.6.

    `level`, `by_slot` and `by_segment` are on the logit scale; the spreads are standard deviations there, and so are
    `doubts`, how far off the slots of each segment may be.
    `stated_right` is the share of people whose stated best time is their best slot. `dead` is the share of numbers
    dead at the start, `dies` of those alive that die between two rounds, `revives` of those dead that are found again.
    """

    level: float = -0.6
    by_slot: tuple[float, ...] = FLAT
    by_segment: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    doubts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    spread_slot: float = 0.14
    spread_segment: float = 0.22
    spread_person: float = 0.8
    spread_pattern: float = 0.6
    stated_right: float = 0.4
    dead: float = 0.10
    dies: float = 0.05
    revives: float = 0.25

    def of_segment(self, name: str) -> tuple[float, ...]:
        """What a segment's slots add to the common ones; nothing for one never seen."""
        return self.by_segment.get(name, FLAT)

    def doubt_of_segment(self, name: str) -> Floats:
        """How far off each slot of a segment may be (8,); one never seen may be anything."""
        unseen = (float(np.hypot(self.spread_slot, self.spread_segment)),) * SLOT_COUNT
        return np.array(self.doubts.get(name, unseen), np.float32)

    def to_json(self) -> dict[str, Any]:
        """The same as numbers, lists and names."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Parameters":
        """What `to_json` gave, read back."""
        by_segment, doubts = (
            {name: tuple(values) for name, values in kept.get(which, {}).items()}
            for which in ("by_segment", "doubts")
        )
        return cls(**{**kept, "by_slot": tuple(kept["by_slot"]), "by_segment": by_segment, "doubts": doubts})
