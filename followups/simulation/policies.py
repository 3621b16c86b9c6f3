"""The ways of choosing a slot that are compared; `learned` is the one production uses, through its own functions."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from followups.contact_model.ageing import weight_after
from followups.contact_model.choosing import RANDOM_SHARE, choose, is_worth_it
from followups.contact_model.evidence import SLOT_COUNT, Evidence, Flags, Floats, Ints
from followups.contact_model.fitting import fit
from followups.contact_model.outlook import Outlooks, outlook_of
from followups.contact_model.parameters import Parameters
from followups.contact_model.yields import last_in_turn

NO_DIAL = -1
DAYS_BETWEEN_WAVES = 30
FIRST_STEPS, NIGHTLY_STEPS = 3, 1


@dataclass(frozen=True, slots=True)
class Known:
    """What a scheduler knows of everybody before the first dial, and how many attempts its plan allows in a round."""

    segment: Ints
    segments: int
    stated: Ints
    cap: int

    @property
    def people(self) -> int:
        return len(self.segment)


class Policy(Protocol):
    """A way of choosing, told everything that production would be told."""

    def begin_wave(self, number: int, moved: Flags) -> None:
        """A wave begins; `moved` are those whose stage changed since the one before."""

    def choose(self, people: Ints) -> Ints:
        """The slot for each of these people, or NO_DIAL to leave them for this wave."""

    def hear(self, people: Ints, slots: Ints, answered: Flags) -> None:
        """What came of the dials just made."""


class RandomSlots:
    """Any slot."""

    def __init__(self, known: Known, seed: int) -> None:
        self._rng = np.random.default_rng([seed, 2])

    def begin_wave(self, number: int, moved: Flags) -> None:
        pass

    def choose(self, people: Ints) -> Ints:
        return self._rng.integers(0, SLOT_COUNT, len(people))

    def hear(self, people: Ints, slots: Ints, answered: Flags) -> None:
        pass


class Rotation:
    """The slot tried least often, from each person's own starting place."""

    def __init__(self, known: Known, seed: int) -> None:
        offset = np.random.default_rng([seed, 3]).integers(0, SLOT_COUNT, known.people)
        self._turn = (np.arange(SLOT_COUNT) - offset[:, None]) % SLOT_COUNT
        self._tried = np.zeros((known.people, SLOT_COUNT), np.int64)

    def begin_wave(self, number: int, moved: Flags) -> None:
        pass

    def choose(self, people: Ints) -> Ints:
        return (self._tried[people] * SLOT_COUNT + self._turn[people]).argmin(axis=1)

    def hear(self, people: Ints, slots: Ints, answered: Flags) -> None:
        self._tried[people, slots] += 1


class MostRecent(Rotation):
    """First the slot of the last success, then rotation."""

    def __init__(self, known: Known, seed: int) -> None:
        super().__init__(known, seed)
        self._last = np.full(known.people, NO_DIAL)
        self._is_first = np.ones(known.people, np.bool_)

    def begin_wave(self, number: int, moved: Flags) -> None:
        self._is_first[:] = True

    def choose(self, people: Ints) -> Ints:
        last = self._last[people]
        return np.where(self._is_first[people] & (last != NO_DIAL), last, super().choose(people))

    def hear(self, people: Ints, slots: Ints, answered: Flags) -> None:
        super().hear(people, slots, answered)
        self._is_first[people] = False
        self._last[people[answered]] = slots[answered]


class Learned:
    """The contact model: learned anew each night, each person's outlook anew after each of their dials."""

    def __init__(self, known: Known, seed: int, random_share: float = RANDOM_SHARE) -> None:
        self._known, self._seed, self._random_share = known, seed, random_share
        self._names = tuple(str(number) for number in range(known.segments))
        self._contacts: list[Floats] = []
        self._failures: list[Floats] = []
        self._moved: list[Flags] = []
        self._tries = np.zeros(known.people, np.int64)
        self._parameters = Parameters()
        self._dials = 0

    def begin_wave(self, number: int, moved: Flags) -> None:
        nothing = np.zeros((self._known.people, SLOT_COUNT), np.float32)
        self._contacts.append(nothing.copy())
        self._failures.append(nothing.copy())
        self._moved.append(moved)
        self._tries[:] = 0
        if self._dials:
            self._parameters = fit(self._evidence(), self._parameters, steps=FIRST_STEPS)

    def choose(self, people: Ints) -> Ints:
        if self._tries.any():
            self._parameters = fit(self._evidence(), self._parameters, steps=NIGHTLY_STEPS)
        outlook = outlook_of(self._parameters, self._evidence().of(people))
        return self._decide(people, outlook)

    def _decide(self, people: Ints, outlook: Outlooks) -> Ints:
        tries = self._tries[people]
        keys = (people + len(self._contacts) * self._known.people).astype(np.uint64)
        chosen = choose(
            outlook.chances,
            outlook.doubts,
            np.ones_like(outlook.chances, np.bool_),
            keys,
            tries,
            seed=self._seed,
            random_share=self._random_share,
        )
        least = outlook.least * last_in_turn(self._parameters, self._known.cap)
        is_worth = is_worth_it(outlook.chances, outlook.alive, tries, least)
        return np.where(is_worth, chosen.slot, NO_DIAL)

    def hear(self, people: Ints, slots: Ints, answered: Flags) -> None:
        self._contacts[-1][people[answered], slots[answered]] += 1
        self._failures[-1][people[~answered], slots[~answered]] += 1
        self._tries[people] += 1
        self._dials += len(people)

    def _evidence(self) -> Evidence:
        waves = len(self._contacts)
        age = weight_after(np.arange(waves - 1, -1, -1) * DAYS_BETWEEN_WAVES)[:, None]
        contacts = np.array(self._contacts)
        return Evidence(
            segments=self._names,
            segment=self._known.segment,
            stated=self._known.stated,
            first=np.zeros(self._known.people, np.int64),
            contacts=contacts,
            failures=np.array(self._failures),
            weight=np.repeat(age, self._known.people, axis=1),
            reached=np.asarray(contacts.any(axis=2)),
            moved=np.array(self._moved),
            renewed=np.zeros((waves, self._known.people), np.bool_),
        )
