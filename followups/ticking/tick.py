"""One background pass over everything that time alone moves."""

import logging
from datetime import datetime

from followups.ticking.passes import PASSES
from kernel.budgets import WORK_SECONDS, for_seconds

log = logging.getLogger(__name__)

IN_DOUBT = frozenset({"claims_released", "orders_cancelled", "looked_at", "begun", "waiting_counted"})
"""What a clock that is wrong cannot spoil: it is done again by the right one. All else waits while it is doubted."""


def tick(now: datetime, *, work_seconds: float = WORK_SECONDS, is_doubted: bool = False) -> dict[str, int]:
    """Run every pass once; how many rows each moved. A second run at the same moment finds nothing to do.

    What is left when the time is over is still due a minute later. `is_doubted`: the clock has just leapt, so nothing
    opens, closes or ends.
    """
    keep = for_seconds(work_seconds)
    moved = {name: run(now, keep) for name, run in PASSES if not is_doubted or name in IN_DOUBT}
    log.info("tick %s", " ".join(f"{name}={count}" for name, count in moved.items()))
    return moved
