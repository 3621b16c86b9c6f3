"""One background pass over everything that time alone moves."""

import logging
import time
from datetime import datetime

from followups.ticking.passes import PASSES

log = logging.getLogger(__name__)
WORK_SECONDS = 20
"""A tick works at most this long; what is left is still due a minute later."""


def tick(now: datetime, *, work_seconds: float = WORK_SECONDS) -> dict[str, int]:
    """Run every pass once; how many rows each moved. A second run at the same moment finds nothing to do."""
    until = time.monotonic() + work_seconds
    moved = {name: run(now, lambda: time.monotonic() < until) for name, run in PASSES}
    log.info("tick %s", " ".join(f"{name}={count}" for name, count in moved.items()))
    return moved
