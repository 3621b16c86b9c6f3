"""What the background worker calls, by name and without arguments."""

from followups.ticking.tick import tick as _tick
from kernel import clock


def tick() -> dict[str, int]:
    """The tick at this moment."""
    return _tick(clock.now())
