"""How long a pass of background work goes on before it leaves the rest to the next pass."""

import time
from collections.abc import Callable

WORK_SECONDS = 20

Keep = Callable[[], bool]
"""Whether there is time for more."""


def for_seconds(seconds: float) -> Keep:
    """True for so many seconds from now on."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() < until
