"""Outcome rates from counts by disposition letter (AAPOR Standard Definitions, 9th ed. 2016)."""

from dataclasses import astuple, dataclass
from math import sqrt

Z_95 = 1.959963984540054
"""The two-sided 95 % point of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases by final letter, or sums of their weights; every case is under exactly one letter."""

    complete: float = 0
    partial: float = 0
    refused: float = 0
    not_contacted: float = 0
    other: float = 0
    unknown_household: float = 0
    unknown_other: float = 0
    not_eligible: float = 0

    def __post_init__(self) -> None:
        if min(astuple(self)) < 0:
            raise ValueError("a tally has no negative counts")

    @property
    def interviewed(self) -> float:
        """I + P."""
        return self.complete + self.partial

    @property
    def reached(self) -> float:
        """I + P + R + O: somebody spoke with the person or for them."""
        return self.interviewed + self.refused + self.other

    @property
    def located(self) -> float:
        """I + P + R + NC + O."""
        return self.reached + self.not_contacted

    @property
    def unknown(self) -> float:
        """UH + UO."""
        return self.unknown_household + self.unknown_other


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of a whole; undefined, and never zero, when the whole is nothing."""

    numerator: float
    denominator: float

    @property
    def value(self) -> float | None:
        """Between 0 and 1, or None when the denominator is zero."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval for a share of cases: what chance alone could make of it. None when undefined.

        E. B. Wilson, Probable inference, the law of succession, and statistical inference (1927). Unlike p ± 1.96 SE
        it stays between 0 and 1, and has a width where all or nobody of a few were interviewed.
        """
        if self.value is None:
            return None
        p, n = self.value, self.denominator
        middle = p + Z_95**2 / (2 * n)
        half = Z_95 * sqrt(p * (1 - p) / n + Z_95**2 / (4 * n**2))
        stretch = 1 + Z_95**2 / n
        return max((middle - half) / stretch, 0.0), min((middle + half) / stretch, 1.0)


@dataclass(frozen=True, slots=True)
class OutcomeRates:
    """AAPOR's response, cooperation, refusal and contact rates, and the location rates that are not AAPOR's."""

    rr1: Rate
    rr2: Rate
    rr3: Rate
    rr4: Rate
    rr5: Rate
    rr6: Rate
    coop1: Rate
    coop2: Rate
    coop3: Rate
    coop4: Rate
    ref1: Rate
    ref2: Rate
    ref3: Rate
    con1: Rate
    con2: Rate
    con3: Rate
    loc1: Rate
    loc2: Rate


PANEL_ELIGIBILITY = 1.0
"""e in panel waves: everybody issued is known to be eligible since the baseline."""


def estimated_eligibility(tally: Tally) -> float | None:
    """e by proportional allocation, D3/(D3+NE), as AAPOR's calculator does; None when nothing is known of anybody."""
    return Rate(tally.located, tally.located + tally.not_eligible).value


def outcome_rates(tally: Tally, *, eligibility: float | None = None) -> OutcomeRates:
    """All rates of a tally. `eligibility` is e, the share of unknowns that are eligible; estimated when left out.

    Weighted rates: sum the weights under each letter first.
    """
    if eligibility is not None and not 0 <= eligibility <= 1:
        raise ValueError("eligibility is a share between 0 and 1")
    e = estimated_eligibility(tally) if eligibility is None else eligibility
    d1 = tally.located + tally.unknown
    de = 0.0 if e is None else tally.located + e * tally.unknown
    d3 = tally.located
    spoken_with = tally.interviewed + tally.refused
    return OutcomeRates(
        rr1=Rate(tally.complete, d1),
        rr2=Rate(tally.interviewed, d1),
        rr3=Rate(tally.complete, de),
        rr4=Rate(tally.interviewed, de),
        rr5=Rate(tally.complete, d3),
        rr6=Rate(tally.interviewed, d3),
        coop1=Rate(tally.complete, tally.reached),
        coop2=Rate(tally.interviewed, tally.reached),
        coop3=Rate(tally.complete, spoken_with),
        coop4=Rate(tally.interviewed, spoken_with),
        ref1=Rate(tally.refused, d1),
        ref2=Rate(tally.refused, de),
        ref3=Rate(tally.refused, d3),
        con1=Rate(tally.reached, d1),
        con2=Rate(tally.reached, de),
        con3=Rate(tally.reached, d3),
        loc1=Rate(d3, d1),
        loc2=Rate(d3, de),
    )
