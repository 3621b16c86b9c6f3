"""Counts decisions, and keeps what the checker found wrong with them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

KEPT = 20
"""How many wrong decisions are told in full."""


@dataclass
class Tally:
    """`sole` counts the decisions in which exactly this one rule stood in the way: where it alone had to be seen."""

    kinds: Counter = field(default_factory=Counter)
    calls: int = 0
    rests: int = 0
    instants: int = 0
    near_a_change: int = 0
    several_zones: int = 0
    shared_number: int = 0
    sole: Counter = field(default_factory=Counter)
    violations: Counter = field(default_factory=Counter)
    too_strict: Counter = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    @property
    def decisions(self) -> int:
        return sum(self.kinds.values())

    def add(self, other: Tally) -> None:
        for name in ("kinds", "sole", "violations", "too_strict"):
            getattr(self, name).update(getattr(other, name))
        for name in ("calls", "rests", "instants", "near_a_change", "several_zones", "shared_number"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.told = [*self.told, *other.told][:KEPT]

    def tell(self, sentence: str) -> None:
        if len(self.told) < KEPT:
            self.told.append(sentence)

    def as_json(self) -> dict[str, object]:
        return {
            "decisions": self.decisions,
            "filter_violations": sum(self.violations.values()),
            "too_strict": sum(self.too_strict.values()),
            "calls": self.calls,
            "rested_by_the_model": self.rests,
            "instants_judged": self.instants,
            "within_a_day_of_a_clock_change": self.near_a_change,
            "with_several_zones": self.several_zones,
            "with_a_shared_number": self.shared_number,
            "by_kind": dict(sorted(self.kinds.items())),
            "only_this_rule_in_the_way": dict(sorted(self.sole.items())),
            "violations_by_rule": dict(sorted(self.violations.items())),
            "too_strict_by_reason": dict(sorted(self.too_strict.items())),
            "told": self.told,
        }
