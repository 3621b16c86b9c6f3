"""Asks the production engine for its decisions, and lets the checker judge each of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from followups.scheduling.hard_filters import refusals_for
from followups.scheduling.next_look import Offer, next_offer
from followups.scheduling.number_rules import usable_numbers
from followups.scheduling.spans import Span
from tests.followups.decisions import checker
from tests.followups.decisions.facts import Caller, Person
from tests.followups.decisions.tallying import Tally
from tests.followups.decisions.telling import caller_of, situation_of

HORIZON = timedelta(days=8)
LAST = timedelta(microseconds=1)
DAY = timedelta(days=1)


class Asked:
    """The engine behind a counter. `turn` is when a clock of this history changes."""

    def __init__(self, rng: Random, tally: Tally, turn: datetime) -> None:
        self.rng, self.tally, self.turn = rng, tally, turn

    def look(self, person: Person, now: datetime) -> Span | None:
        """When to call next, as the tick asks: no instant of the answer may break a rule."""
        until = min(person.closes_at or now + HORIZON, now + HORIZON)
        offer = self.choose(person, now, until)
        self._count("look", person, now)
        if offer.span is not None:
            self.tally.calls += 1
            for at in self._instants(offer.span):
                self._judge("look", person, at, None, is_call=True)
        elif offer.stop is not None:
            self.tally.rests += 1
        elif until > now:
            for _ in range(3):
                at = now + self.rng.random() * (until - now)
                self._judge("look", person, at, None, is_call=False)
        return offer.span

    def choose(self, person: Person, now: datetime, until: datetime) -> Offer:
        return next_offer(situation_of(person), now, until)

    def claim(self, person: Person, caller: Caller, at: datetime, kind: str = "claim") -> bool:
        """Whether this caller may call now, as a claim and each dial ask."""
        refused = refusals_for(situation_of(person), caller_of(caller), at)
        self._count(kind, person, at)
        self.tally.calls += not refused
        found = self._judge(kind, person, at, caller, is_call=not refused)
        if len(found) == 1:
            self.tally.sole.update(found)
        return not refused

    def numbers(self, person: Person, caller: Caller, at: datetime) -> list[int]:
        """The telephones that may ring now, as a dial asks; each has to be one that may."""
        if not self.claim(person, caller, at, kind="dial"):
            return []
        chosen = usable_numbers(situation_of(person), at)
        known = {number.id: number for number in person.numbers}
        for one in chosen:
            if not checker.may_dial(known[one.id], person, at):
                self._wrong("violations", {"this_number"}, "dial", person, at)
        return [known[one.id].line.name for one in chosen]

    def _instants(self, span: Span) -> list[datetime]:
        inside = [span.starts_at + self.rng.random() * (span.ends_at - span.starts_at) for _ in range(2)]
        return [span.starts_at, span.ends_at - LAST, *(min(at, span.ends_at - LAST) for at in inside)]

    def _judge(
        self, kind: str, person: Person, at: datetime, caller: Caller | None, is_call: bool
    ) -> set[str]:
        self.tally.instants += 1
        found = checker.broken(person, at, caller)
        if is_call and found:
            self._wrong("violations", found, kind, person, at)
        if not is_call and not found:
            self._wrong("too_strict", {kind}, kind, person, at)
        return found

    def _wrong(self, what: str, found: set[str], kind: str, person: Person, at: datetime) -> None:
        getattr(self.tally, what)["+".join(sorted(found))] += 1
        self.tally.tell(f"{what} {sorted(found)} at a {kind} of {at.isoformat()}: {person}")

    def _count(self, kind: str, person: Person, at: datetime) -> None:
        tally = self.tally
        tally.kinds[kind] += 1
        tally.near_a_change += abs(at - self.turn) < DAY
        tally.several_zones += len(person.zones) > 1
        tally.shared_number += any(number.line.name < 2 for number in person.numbers)
