"""The coordinator's board: everything on it for one reader, one moment and one set of filters."""

from dataclasses import dataclass

from reports import restraints
from reports.callers import Capacity, capacity
from reports.figures import Figure, top_line
from reports.losses import Losses, losses
from reports.outcomes import Outcomes, outcomes_by_period
from reports.owing import Owed, owed_by_language, owed_by_stage
from reports.panel import Curve, retention_curve
from reports.restraints import HoldLine, Unsafe, Waiting
from reports.trends import before
from reports.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Board:
    """All of the board; `periods` are newest first and `current` is the first of them."""

    figures: tuple[Figure, ...]
    periods: tuple[Outcomes, ...]
    losses: Losses
    curve: Curve
    by_stage: tuple[Owed, ...]
    by_language: tuple[Owed, ...]
    holds: tuple[HoldLine, ...]
    unsafe: Unsafe
    waiting: Waiting
    capacity: tuple[Capacity, ...]

    @property
    def current(self) -> Outcomes | None:
        return self.periods[0] if self.periods else None

    @property
    def is_empty(self) -> bool:
        """Nobody enrolled that this reader may know of and the filters leave in."""
        return self.curve.baseline == 0 and not self.periods and not self.by_stage

    @property
    def has_uncoded(self) -> bool:
        return any(period.uncoded for period in self.periods)

    @property
    def shortages(self) -> tuple[Capacity, ...]:
        return tuple(row for row in self.capacity if row.is_short)


def board_of(wanted: Wanted, locale: str, losses_by: str = "") -> Board:
    """The board, in a number of queries that does not depend on the size of the panel. Sees the reader's teams only.

    `losses_by` is what the table of losses is sorted by, as it stands in the address.
    """
    periods = outcomes_by_period(wanted)
    current = periods[0] if periods else None
    by_stage = owed_by_stage(wanted)
    curve = retention_curve(wanted)
    return Board(
        figures=top_line(by_stage, current, curve, before(wanted, current)),
        periods=periods,
        losses=losses(wanted, losses_by),
        curve=curve,
        by_stage=by_stage,
        by_language=owed_by_language(wanted, locale),
        holds=restraints.holds(wanted),
        unsafe=restraints.unsafe(wanted),
        waiting=restraints.waiting(wanted),
        capacity=capacity(wanted, locale),
    )
