"""What is measured: by name, the module whose `measure` does it, on which databases and on how much."""

from collections.abc import Sequence
from dataclasses import dataclass

LARGEST_INDEX = 1_000_000


@dataclass(frozen=True, slots=True)
class Measurement:
    """`module` has a function `measure(size, database)` that returns figures."""

    name: str
    module: str
    databases: tuple[str, ...] = ("sqlite", "postgres")
    is_sized: bool = True
    goes_further: bool = False

    def sizes(self, asked: Sequence[int]) -> list[int]:
        """The sizes asked for; one that goes further also takes ten times the largest, to a million."""
        if not self.is_sized:
            return [0]
        further = [min(10 * max(asked), LARGEST_INDEX)] if self.goes_further else []
        return sorted({*asked, *further})


MEASUREMENTS = (
    Measurement("sealing", "benchmarks.sealing", databases=("none",), is_sized=False),
    Measurement("trail", "benchmarks.trail_inserting"),
    Measurement("rotation", "benchmarks.rotation"),
    Measurement("panel", "benchmarks.panel"),
    Measurement("lookup", "benchmarks.phone_lookup", goes_further=True),
)
