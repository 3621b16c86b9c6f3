"""The places in a journey, as the person states them, and what each means for calling out."""

from enum import StrEnum


class Stage(StrEnum):
    """Stated by the person, dated, with a country; never inferred."""

    ORIGIN = "origin"
    IN_TRANSIT = "in_transit"
    STRANDED = "stranded"
    CROSSING = "crossing"
    DETAINED = "detained"
    ARRIVED = "arrived"
    SETTLED = "settled"
    RETURNED = "returned"
    ONWARD = "onward"
    UNKNOWN = "unknown"


NEVER_CALLED = frozenset({Stage.CROSSING, Stage.DETAINED})
"""The phone may be in a smuggler's or a guard's hands: no plan, appointment or supervisor overrides this."""

ON_THE_MOVE = frozenset({Stage.IN_TRANSIT, Stage.CROSSING, Stage.ONWARD})
"""Whoever is here is somewhere else by the time it is written down."""
ELSEWHERE = ON_THE_MOVE | {Stage.ARRIVED, Stage.RETURNED}
"""Whoever comes here from another stage has come to another place."""


def allows_outbound(stage: Stage) -> bool:
    """Whether anyone may be called out to at this stage; where it is unknown, only tracing calls are allowed."""
    return stage not in NEVER_CALLED


def is_tracing_only(stage: Stage) -> bool:
    """Whether an outgoing call may only try to find the person again, not interview them."""
    return stage is Stage.UNKNOWN
