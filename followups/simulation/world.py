"""A synthetic world (method 3.6): people whose chance of answering depends on who they are and when they are called."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from followups.contact_model.evidence import NOT_STATED, SLOT_COUNT, Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class WorldSpec:
    """The numbers of a world; spreads are standard deviations on the logit scale, the rest are shares.

    `dead` numbers at the start, `churn` of those alive die between waves, `revive` of those dead are found again,
    `drift` of people redraw their pattern before a wave, `stated` name their best slot, the others one at random.
    """

    respondents: int = 1500
    segments: int = 6
    waves: int = 6
    cap: int = 8
    base: float = 0.35
    sd_person: float = 0.8
    sd_slot: float = 0.06
    sd_segment_slot: float = 0.25
    sd_person_slot: float = 0.8
    dead: float = 0.10
    churn: float = 0.05
    revive: float = 0.30
    drift: float = 0.0
    stated: float = 0.0

    def __post_init__(self) -> None:
        for name in ("respondents", "segments", "waves", "cap"):
            if not 1 <= getattr(self, name) <= MOST[name] or getattr(self, name) != int(getattr(self, name)):
                raise ValueError(f"{name} is a whole number from 1 to {MOST[name]:,}")
        for name in ("dead", "churn", "revive", "drift", "stated"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a share from 0 to 1")
        for name in ("sd_person", "sd_slot", "sd_segment_slot", "sd_person_slot"):
            if not 0 <= getattr(self, name) <= MOST_SPREAD:
                raise ValueError(f"{name} is a spread from 0 to {MOST_SPREAD}")
        if not 0 < self.base < 1:
            raise ValueError("base is a chance between 0 and 1")


MOST = {"respondents": 200_000, "segments": 1_000, "waves": 60, "cap": 20}
MOST_SPREAD = 5


def spec_from(written: Mapping[str, Any]) -> WorldSpec:
    """A world from what a file says; raises ValueError with a sentence for what it cannot be."""
    known = {one.name for one in fields(WorldSpec)}
    strange = sorted(set(written) - known)
    if strange:
        raise ValueError(f"a world has no {', '.join(strange)}; it has {', '.join(sorted(known))}")
    wrong = sorted(name for name, value in written.items() if type(value) not in (int, float))
    if wrong:
        raise ValueError(f"{', '.join(wrong)} has to be a number")
    return WorldSpec(**written)


class World:
    """The truth of one seed, wave by wave; no policy sees more of it than `stated` and who moved, but the oracle."""

    def __init__(self, spec: WorldSpec, seed: int) -> None:
        self.spec = spec
        self._rng = rng = np.random.default_rng([seed, 1])
        people = spec.respondents
        self.segment: Ints = rng.integers(0, spec.segments, people)
        self._shared = rng.normal(0, spec.sd_slot, SLOT_COUNT) + rng.normal(
            0, spec.sd_segment_slot, (spec.segments, SLOT_COUNT)
        )
        self._level = rng.normal(0, spec.sd_person, people)
        self._pattern = rng.normal(0, spec.sd_person_slot, (people, SLOT_COUNT))
        self.alive: Flags = rng.random(people) >= spec.dead
        self.chances: Floats = self._chances()
        self.mean_chance: Floats = self.chances.mean(axis=1)
        self.stated: Ints = self._stated()

    def next_wave(self) -> Flags:
        """Let numbers die and be found, and lives change; who moved, as their stage would say."""
        rng, spec, people = self._rng, self.spec, self.spec.respondents
        lives = self.alive & (rng.random(people) >= spec.churn)
        self.alive = lives | (rng.random(people) < spec.revive)
        moved = rng.random(people) < spec.drift
        fresh = rng.normal(0, spec.sd_person_slot, (people, SLOT_COUNT))
        self._pattern = np.where(moved[:, None], fresh, self._pattern)
        self.chances = self._chances()
        return moved  # type: ignore[no-any-return]

    def lowest_fifth(self) -> Ints:
        """The people with the lowest true mean chance at the start."""
        return np.argsort(self.mean_chance, kind="stable")[: self.spec.respondents // 5]

    def chances_of_segments(self) -> Floats:
        """What each segment's slots add to the level of all, on the logit scale (segments, 8)."""
        return self._shared

    def _chances(self) -> Floats:
        level = np.log(self.spec.base / (1 - self.spec.base))
        logits = level + self._level[:, None] + self._shared[self.segment] + self._pattern
        return 1 / (1 + np.exp(-logits))  # type: ignore[no-any-return]

    def _stated(self) -> Ints:
        """What people say when they are asked; where nobody is right, nobody was asked."""
        people, rng = self.spec.respondents, self._rng
        if not self.spec.stated:
            return np.full(people, NOT_STATED)
        at_random = rng.integers(0, SLOT_COUNT, people)
        return np.where(rng.random(people) < self.spec.stated, self.chances.argmax(axis=1), at_random)
