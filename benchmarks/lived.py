"""The lives alone: `python -m benchmarks.one benchmarks.lived` makes databases that several panels are copies of."""

from benchmarks.panel import live as measure

__all__ = ["measure"]
