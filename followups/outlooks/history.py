"""Of some people: who they are, their rounds and their dials, as columns; and the evidence these make. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followups.contact_model.ageing import weight_after
from followups.contact_model.evidence import SLOT_COUNT, Evidence, Flags, Floats, Ints

MOST_ROUNDS = 8
"""Rounds told apart; what was before is counted with the first of them."""
DAY_SECONDS = 86_400
ANY = ""
"""The name of every segment that no model knows."""
_WIDE = 34
"""Bits of a moment in seconds: person and moment sort as one number."""

Texts = NDArray[np.str_]
Places = tuple[Ints, Evidence]


@dataclass(frozen=True, slots=True)
class History:
    """n people, m rounds of theirs and k dials, moments in whole seconds. `person` is a place among the people.

    `stated` is the slot they named or -1; `stage_at` and `number_at` are when they last moved and last gave a number of
    their own. A dial has a slot (-1 is outside of all), whether it reached them, and how much its silence counts.
    """

    segments: tuple[str, ...]
    segment: Ints
    stated: Ints
    stage_at: Ints
    number_at: Ints
    round_person: Ints
    round_at: Ints
    round_stage: Texts
    dial_person: Ints
    dial_at: Ints
    dial_slot: Ints
    dial_reached: Flags
    dial_weight: Floats

    @property
    def people(self) -> int:
        return len(self.segment)

    @property
    def dials(self) -> int:
        """How many say something."""
        return int((self.dial_reached | (self.dial_weight > 0)).sum())

    def with_segments(self, known: Collection[str]) -> "History":
        """The same with every segment that is not known counted as any."""
        names = (ANY, *sorted(set(known) - {ANY}))
        place = {name: number for number, name in enumerate(names)}
        moved = np.array([place.get(name, 0) for name in self.segments] or [0], np.int64)
        return replace(self, segments=names, segment=moved[self.segment])

    def first(self, people: int) -> "History":
        """Of the first so many people only."""
        rounds, dials = self.round_person < people, self.dial_person < people
        mine: dict[str, Any] = {name: getattr(self, name)[:people] for name in _OF_PEOPLE}
        mine |= {name: getattr(self, name)[rounds] for name in _OF_ROUNDS}
        return replace(self, **mine, **{name: getattr(self, name)[dials] for name in _OF_DIALS})


_OF_PEOPLE = ("segment", "stated", "stage_at", "number_at")
_OF_ROUNDS = ("round_person", "round_at", "round_stage")
_OF_DIALS = ("dial_person", "dial_at", "dial_slot", "dial_reached", "dial_weight")


def joined(histories: Sequence[History]) -> History:
    """Several histories as one; nobody is in two of them."""
    names = sorted({name for one in histories for name in one.segments})
    alike = [one.with_segments(names) for one in histories]
    offsets = np.cumsum([0, *(one.people for one in alike)])
    places = [
        replace(one, round_person=one.round_person + offset, dial_person=one.dial_person + offset)
        for one, offset in zip(alike, offsets, strict=False)
    ]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(one, name) for one in places])
        for name in (*_OF_PEOPLE, *_OF_ROUNDS, *_OF_DIALS)
    }
    return replace(alike[0], **columns)


def evidence_by_rounds(history: History, now: int) -> Iterator[Places]:
    """The evidence on everybody, those with as many rounds together: their places, and what is known of them."""
    laid = _laid_out(history, now)
    for rounds in np.unique(laid.rounds):
        places = np.flatnonzero(laid.rounds == rounds)
        yield places, _evidence(history, laid, places, int(rounds), now)


def evidence_of_all(history: History, now: int) -> Evidence:
    """The evidence on everybody together; who has fewer rounds begins later."""
    laid = _laid_out(history, now)
    return _evidence(history, laid, np.arange(history.people), int(laid.rounds.max(initial=1)), now)


@dataclass(frozen=True, slots=True)
class _Laid:
    """How many rounds each person has (n,), in which of them each dial was made (k,); and of every round its person,
    its number, when it was over, whether the person had moved before it and whether they had given a number."""

    rounds: Ints
    dial_round: Ints
    person: Ints
    number: Ints
    over_at: Ints
    moved: Flags
    renewed: Flags


def _laid_out(history: History, now: int) -> _Laid:
    keys, moved, renewed = _bounds(history, now)
    person, at = keys >> _WIDE, keys & ((1 << _WIDE) - 1)
    has = np.bincount(person, minlength=history.people)
    rounds = np.minimum(has, MOST_ROUNDS)
    begins = np.cumsum(has) - rounds
    found = np.searchsorted(keys, _keyed(history.dial_person, history.dial_at), side="right") - 1
    number = np.arange(len(keys)) - begins[person]
    kept = number >= 0
    is_last = np.append(person[1:] != person[:-1], True)[: len(keys)]
    over_at = np.where(is_last, now, np.append(at[1:], now)[: len(keys)])
    return _Laid(
        rounds=rounds,
        dial_round=np.maximum(found - begins[history.dial_person], 0),
        person=person[kept],
        number=number[kept],
        over_at=over_at[kept],
        moved=moved[kept],
        renewed=renewed[kept],
    )


def _bounds(history: History, now: int) -> tuple[Ints, Flags, Flags]:
    """Where each round begins, in order of person and time; whether the person had moved, or given a number, before it.

    A change in the midst of the last round begins another: what was dialled before says little of what comes.
    """
    everybody = np.arange(history.people)
    keys, first = np.unique(_keyed(history.round_person, history.round_at), return_index=True)
    stages = history.round_stage[first]
    without = np.setdiff1d(everybody, keys >> _WIDE)
    keys = np.concatenate([keys, _keyed(without, np.zeros_like(without))])
    stages = np.concatenate([stages, np.full(len(without), "", stages.dtype if len(stages) else "U1")])
    order = np.argsort(keys, kind="stable")
    keys, stages = keys[order], stages[order]
    person, at = keys >> _WIDE, keys & ((1 << _WIDE) - 1)
    same = np.concatenate([[False], person[1:] == person[:-1]])
    before = np.concatenate([[0], at[:-1]])
    number_at = history.number_at[person]
    renewed = same & (before < number_at) & (number_at <= at)
    moved = renewed | (same & (stages != np.roll(stages, 1)))
    is_last = np.concatenate([person[1:] != person[:-1], [True]])[: len(keys)]
    change = np.minimum(np.maximum(history.stage_at, history.number_at), now)[person[is_last]]
    late = change > at[is_last]
    # A person nobody had a round with yet has nothing to forget.
    late &= at[is_last] > 0
    who = person[is_last][late]
    extra = _keyed(who, change[late])
    is_given = (history.number_at[who] > at[is_last][late]) & (history.number_at[who] <= now)
    keys, moved = np.concatenate([keys, extra]), np.concatenate([moved, np.ones(len(extra), np.bool_)])
    renewed = np.concatenate([renewed, is_given])
    order = np.argsort(keys, kind="stable")
    return keys[order], moved[order], renewed[order]


def _evidence(history: History, laid: _Laid, places: Ints, rounds: int, now: int) -> Evidence:
    local = np.full(history.people, -1, np.int64)
    local[places] = np.arange(len(places))
    shape = (rounds, len(places), SLOT_COUNT)
    first = rounds - laid.rounds[places]
    mine = np.flatnonzero(local[history.dial_person] >= 0)
    who = local[history.dial_person[mine]]
    number = laid.dial_round[mine] + first[who]
    reached = np.zeros(shape[:2], np.bool_)
    is_contact = history.dial_reached[mine]
    reached[number[is_contact], who[is_contact]] = True
    in_slot = history.dial_slot[mine] >= 0
    cell = (number * len(places) + who) * SLOT_COUNT + np.maximum(history.dial_slot[mine], 0)
    silence = np.where(is_contact, 0, history.dial_weight[mine])
    weight = np.ones(shape[:2], np.float32)
    moved, renewed = np.zeros(shape[:2], np.bool_), np.zeros(shape[:2], np.bool_)
    theirs = np.flatnonzero(local[laid.person] >= 0)
    whose = local[laid.person[theirs]]
    round_number = laid.number[theirs] + first[whose]
    weight[round_number, whose] = weight_after(np.maximum(now - laid.over_at[theirs], 0) / DAY_SECONDS)
    moved[round_number, whose] = laid.moved[theirs]
    renewed[round_number, whose] = laid.renewed[theirs]
    return Evidence(
        segments=history.segments,
        segment=history.segment[places],
        stated=history.stated[places],
        first=first,
        contacts=_counted(cell, is_contact & in_slot, shape),
        failures=_counted(cell, silence * in_slot, shape),
        weight=weight,
        reached=reached,
        moved=moved,
        renewed=renewed,
    )


def _counted(cell: Ints, weights: Any, shape: tuple[int, int, int]) -> Floats:
    size = shape[0] * shape[1] * shape[2]
    return np.bincount(cell, weights=weights, minlength=size).astype(np.float32).reshape(shape)


def _keyed(person: Ints, at: Ints) -> Ints:
    return (person << _WIDE) | np.maximum(at, 0)
