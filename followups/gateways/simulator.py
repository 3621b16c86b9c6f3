"""A plain simulator: rings nobody, and answers as phones do, the same for the same dial every time."""

from collections.abc import Callable
from random import Random

from followups.gateways.protocol import CallOrder, Placed

ANSWERS = (
    ("answered", 0.45),
    ("no_answer", 0.35),
    ("switched_off", 0.12),
    ("busy", 0.05),
    ("not_working", 0.03),
)
SILENT = frozenset({"switched_off", "not_working"})


class Simulator:
    """Seeded by the dial, so a repeated order gives the same answer."""

    name = "simulator"
    reveals = False

    def place(self, order: CallOrder, open_number: Callable[[], str]) -> Placed:
        open_number()
        # Not for secrets: a repeatable draw.
        [result] = Random(order.dial_id.int).choices(  # noqa: S311  # nosec B311
            [name for name, _share in ANSWERS], [share for _name, share in ANSWERS]
        )
        return Placed(may_have_rung=result not in SILENT, result=result)
