"""What a comparison of policies comes to: means over the seeds, and each policy's gain with its uncertainty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import sqrt
from statistics import fmean, stdev

from followups.simulation.running import PolicyName, Result

Z = 1.959964
"""Of the normal distribution, for 95 %."""


@dataclass(frozen=True, slots=True)
class Gain:
    """How many dials a contact a policy needs against another, in percent (negative: fewer), and how the share of
    people reached differs, in points; each with a 95 % interval over the seeds, paired."""

    dials_percent: tuple[float, float, float]
    contact_points: tuple[float, float, float]
    contact_points_lowest_fifth: tuple[float, float, float]


def means(results: Sequence[Result]) -> dict[str, float]:
    """Each figure's mean over the seeds; violations are added up."""
    found = {one.name: fmean(getattr(result, one.name) for result in results) for one in fields(Result)}
    return found | {"filter_violations": sum(result.filter_violations for result in results)}


def gains(results: Mapping[PolicyName, Sequence[Result]], over: PolicyName) -> dict[PolicyName, Gain]:
    """Every other policy against this one, seed by seed."""
    base = results[over]
    return {name: _gain(some, base) for name, some in results.items() if name is not over}


def _gain(results: Sequence[Result], base: Sequence[Result]) -> Gain:
    pairs = list(zip(results, base, strict=True))
    return Gain(
        _interval([100 * (one.dials_per_contact / other.dials_per_contact - 1) for one, other in pairs]),
        _interval([100 * (one.wave_contact_rate - other.wave_contact_rate) for one, other in pairs]),
        _interval(
            [
                100 * (one.wave_contact_rate_lowest_fifth - other.wave_contact_rate_lowest_fifth)
                for one, other in pairs
            ]
        ),
    )


def _interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean, and the ends of its 95 % interval by Student's t; with one seed there is no telling how far it is off."""
    mean = fmean(values)
    if len(values) < 2:
        return mean, float("-inf"), float("inf")
    half = _student(len(values) - 1) * stdev(values) / sqrt(len(values))
    return mean, mean - half, mean + half


def _student(freedom: int) -> float:
    """The 97.5 % point of Student's t, by the expansion of Fisher and Cornish; exact for one degree."""
    if freedom == 1:
        return 12.706
    return (
        Z
        + (Z**3 + Z) / (4 * freedom)
        + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * freedom**2)
        + (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / (384 * freedom**3)
    )
