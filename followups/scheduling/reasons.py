"""The stable codes of everything that may stand between a person and a call."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reason(StrEnum):
    """Person reasons in the order the rules are asked, then the reasons between a person and one caller."""

    WITHDRAWN = "withdrawn"
    DECEASED = "deceased"
    ERASED = "erased"
    RECONTACT_NOT_PERMITTED = "recontact_not_permitted"
    KEEP_NUMBER_NOT_PERMITTED = "keep_number_not_permitted"
    FOLLOW_UP_OVER = "follow_up_over"
    STAGE_NOT_CALLED = "stage_not_called"
    TRACING_ONLY = "tracing_only"
    ON_HOLD = "on_hold"
    NOT_PLANNED = "not_planned"
    WINDOW_NOT_OPEN = "window_not_open"
    WINDOW_CLOSED = "window_closed"
    NO_SHARED_HOUR = "no_shared_hour"
    NO_DIALABLE_NUMBER = "no_dialable_number"
    SITTING_OVER = "sitting_over"
    TRACING_CAP = "tracing_cap"
    ROUND_CAP = "round_cap"
    WEEK_CAP = "week_cap"
    DAY_CAP = "day_cap"
    SPACING = "spacing"
    RESTING = "resting"
    WAITING_FOR_APPOINTMENT = "waiting_for_appointment"
    NUMBER_BURDEN = "number_burden"
    HOLIDAY = "holiday"
    OUTSIDE_SAFE_TIMES = "outside_safe_times"
    CLAIMED = "claimed"
    RESTING_THIS_ROUND = "resting_this_round"

    CALLER_BARRED = "caller_barred"
    LANGUAGE_NOT_SPOKEN = "language_not_spoken"
    GENDER_NOT_WANTED = "gender_not_wanted"
    OTHER_TEAM = "other_team"
    ANOTHER_CALLER_AFTER_REFUSAL = "another_caller_after_refusal"
    CALLER_NOT_ON_SHIFT = "caller_not_on_shift"
    CALLER_HAS_ANOTHER_CLAIM = "caller_has_another_claim"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not now. `until` is when this one reason lifts by itself; None when something has to happen first.

    `detail` narrows the reason: a Standing of consent, a HoldKind, a FollowUpState or a Stage.
    """

    reason: Reason
    until: datetime | None = None
    detail: str = ""
