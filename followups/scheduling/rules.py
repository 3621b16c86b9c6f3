"""How often and how hard to try at each stage of a journey: the default plan (method, section 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tracker.stages import Stage, allows_outbound


class Channel(StrEnum):
    PHONE = "phone"
    NONE = "none"  # the person comes to us


@dataclass(frozen=True, slots=True)
class StageRule:
    """The follow-ups of one stage. `interval_days` is a ladder: its n-th step for the n-th use, then the last.

    The window is [due - early, due + late] in whole local days. Stages without outgoing calls carry `review_days`.
    """

    stage: Stage
    interval_days: tuple[int, ...]
    early_days: int
    late_days: int
    attempt_cap: int
    spacing_minutes: int = 180
    outbound: bool = True
    review_days: int | None = None
    channel: Channel = Channel.PHONE

    def __post_init__(self) -> None:
        numbers = (
            *self.interval_days,
            self.early_days,
            self.late_days,
            self.attempt_cap,
            self.spacing_minutes,
        )
        if min(numbers) < 0:
            raise ValueError("a rule counts in days, minutes and attempts of zero or more")
        if self.outbound and not allows_outbound(self.stage):
            raise ValueError(f"nobody is called at the stage {self.stage}, whatever the plan")
        if self.outbound and not self.interval_days:
            raise ValueError("a rule with outgoing calls needs an interval")
        if not self.outbound and self.review_days is None:
            raise ValueError("a rule without outgoing calls needs a review")

    def interval(self, nth: int) -> int:
        """The days to the n-th follow-up at this stage, counted from 1."""
        return self.interval_days[min(max(nth, 1), len(self.interval_days)) - 1]


def _no_calls(stage: Stage, review_days: int) -> StageRule:
    return StageRule(stage, (), 0, 0, 0, outbound=False, review_days=review_days, channel=Channel.NONE)


# Where the source gives a range, the short end is taken: numbers die with time, and an early call loses fewer.
_RULES = (
    StageRule(Stage.ORIGIN, (30,), 5, 10, 5),
    StageRule(
        Stage.IN_TRANSIT, (14,), 4, 10, 6
    ),  # 14-21 days: at 10-15 % a month, 14 days lose 5-7 % of numbers
    StageRule(Stage.STRANDED, (30,), 7, 14, 6),
    _no_calls(
        Stage.CROSSING, review_days=7
    ),  # review after 7-14 days: a crossing that lasts a week is looked at
    _no_calls(Stage.DETAINED, review_days=30),
    StageRule(Stage.ARRIVED, (30, 60, 90), 7, 21, 6),
    StageRule(
        Stage.SETTLED, (90,), 14, 30, 5
    ),  # 90-180 days: at 90 the call itself is the keep-alive midway to 180
    StageRule(Stage.RETURNED, (30, 90, 180), 7, 21, 5),
    StageRule(Stage.ONWARD, (14,), 4, 10, 6),  # as transit, from the day the new departure was reported
    StageRule(Stage.UNKNOWN, (0,), 0, 30, 3),  # tracing only: opens at once, and is lost after 30 days
)

DEFAULT_RULES: Mapping[Stage, StageRule] = MappingProxyType({rule.stage: rule for rule in _RULES})
