"""Who stays in a panel: rates of a wave, retention over waves, hazard of loss, and counts too small to show."""

from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

from reports.rates import Rate, Tally

Member = TypeVar("Member", bound=Hashable)
Cell = TypeVar("Cell", bound=Hashable)

SMALLEST_COUNT_SHOWN = 5


@dataclass(frozen=True, slots=True)
class WaveRates:
    """Of the people issued in a wave: spoken with, interviewed, and not interviewed."""

    recontact: Rate
    reinterview: Rate
    attrition: Rate


def wave_rates(tally: Tally, *, issued: int) -> WaveRates:
    """The rates of one wave; `issued` counts the list frozen when it opened: active, consented, not on safety hold."""
    if tally.reached > issued:
        raise ValueError("more people were reached than issued")
    return WaveRates(
        recontact=Rate(tally.reached, issued),
        reinterview=Rate(tally.interviewed, issued),
        attrition=Rate(issued - tally.interviewed, issued),
    )


def cumulative_retention(interviewed: float, *, agreed_to_follow_up: int) -> Rate:
    """Interviewed in this wave, whether or not in the waves between, of all who ever agreed to be followed."""
    return Rate(interviewed, agreed_to_follow_up)


def monotone_retention(waves: Sequence[AbstractSet[Member]], *, agreed_to_follow_up: int) -> tuple[Rate, ...]:
    """Per follow-up wave: interviewed in it and in every one before, of all who ever agreed to be followed."""
    rates = []
    always: AbstractSet[Member] | None = None
    for interviewed in waves:
        always = interviewed if always is None else always & interviewed
        rates.append(Rate(len(always), agreed_to_follow_up))
    return tuple(rates)


def continuity(before: AbstractSet[Member], now: AbstractSet[Member]) -> Rate:
    """Of those interviewed in the wave before, the share interviewed in this one."""
    return Rate(len(before & now), len(before))


def swing_in(before: AbstractSet[Member], now: AbstractSet[Member], *, issued: AbstractSet[Member]) -> Rate:
    """Of those issued now and not interviewed in the wave before, the share interviewed now: the returners."""
    away = issued - before
    return Rate(len(now & away), len(away))


def retention_per_month(share_kept: float | None, *, months: float) -> float | None:
    """Retention over `months` brought to one month, S^(1/months), so that panels of different pace compare."""
    if share_kept is None or months <= 0:
        return None
    return float(share_kept ** (1 / months))


@dataclass(frozen=True, slots=True)
class Survival:
    """One wave of the discrete-time curve; both None from the first wave at which nobody was at risk."""

    at_risk: int
    lost: int
    hazard: float | None
    surviving: float | None


def survival(waves: Sequence[tuple[int, int]]) -> tuple[Survival, ...]:
    """The curve from (at risk, lost) per wave: h = lost / at risk, S = the product of 1 - h so far.

    Lost is final loss only. Somebody silent for a wave is still at risk, and somebody still active is censored:
    they leave the count of those at risk without being lost.
    """
    curve = []
    surviving: float | None = 1.0
    for at_risk, lost in waves:
        if not 0 <= lost <= at_risk:
            raise ValueError("nobody can be lost who was not at risk")
        hazard = Rate(lost, at_risk).value
        surviving = None if hazard is None or surviving is None else surviving * (1 - hazard)
        curve.append(Survival(at_risk, lost, hazard, surviving))
    return tuple(curve)


def survival_of_sizes(sizes: Sequence[int]) -> tuple[Survival, ...]:
    """The curve of a panel that only shrinks, from its size at each wave, the first included."""
    return survival([(before, before - after) for before, after in zip(sizes, sizes[1:], strict=False)])


def shown(count: int) -> int | None:
    """A count as an export may show it: None below five, zero included."""
    return count if count >= SMALLEST_COUNT_SHOWN else None


def suppressed(counts: Mapping[Cell, int]) -> dict[Cell, int | None]:
    """One line of a table as an export may show it beside its total: small counts are None.

    The total less what is shown gives the hidden cells' sum: as long as one cell alone is hidden, or their sum is
    itself too small to show, the next smallest is hidden as well.
    """
    by_size = sorted(counts, key=lambda cell: counts[cell])
    hidden = [cell for cell in by_size if shown(counts[cell]) is None]
    while hidden and len(hidden) < len(by_size) and _gives_away([counts[cell] for cell in hidden]):
        hidden.append(by_size[len(hidden)])
    return {cell: None if cell in hidden else count for cell, count in counts.items()}


def _gives_away(hidden: Sequence[int]) -> bool:
    return len(hidden) == 1 or shown(sum(hidden)) is None
