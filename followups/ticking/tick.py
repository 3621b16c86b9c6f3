"""One background pass over everything that time alone moves."""

import logging
from datetime import datetime

from followups.ticking.passes import PASSES
from kernel.budgets import WORK_SECONDS, for_seconds

log = logging.getLogger(__name__)


def tick(now: datetime, *, work_seconds: float = WORK_SECONDS) -> dict[str, int]:
    """Run every pass once; how many rows each moved. A second run at the same moment finds nothing to do.

    What is left when the time is over is still due a minute later.
    """
    keep = for_seconds(work_seconds)
    moved = {name: run(now, keep) for name, run in PASSES}
    log.info("tick %s", " ".join(f"{name}={count}" for name, count in moved.items()))
    return moved
