"""What an enumerator heard in a call, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from followups.scheduling.situation import AppointmentKind
from tracker.best_times import BestTime
from tracker.stages import Stage


@dataclass(frozen=True, slots=True)
class CallBack:
    """When the person asked to be called: at `starts_at`, or some time in [starts_at, until); aware UTC."""

    kind: AppointmentKind
    starts_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Journey:
    """Where the person says they are now; `country` and `zone` are "" when they did not say."""

    stage: Stage
    country: str = ""
    zone: str = ""
    moved_at: datetime | None = None

    def changes(self, *, stage: str, country: str, zones: Sequence[str]) -> bool:
        """Whether this differs from what was known."""
        is_elsewhere = bool(self.country) and self.country != country
        return self.stage != stage or is_elsewhere or bool(self.zone and [self.zone] != list(zones))


@dataclass(frozen=True, slots=True)
class Heard:
    """The outcome of a sitting. `interview` and `recontact`: the answer to the words read, None where not asked.
    `best_time` is when they say they are best reached, None where they did not say."""

    disposition: str
    interview: bool | None = None
    recontact: bool | None = None
    call_back: CallBack | None = None
    journey: Journey | None = None
    bars_caller: bool = False
    best_time: BestTime | None = None
