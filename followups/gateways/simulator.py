"""The practice gateway: rings nobody, and answers as the invented people would, the same for the same order."""

from collections import OrderedDict
from collections.abc import Callable
from uuid import UUID

from followups.gateways.protocol import CallOrder, Placed
from followups.gateways.simulated.answers import SILENT, Answer, answer

CALLS_AT_ONCE = 256


class Simulator:
    """Knows its people by their numbers, as a network does; what the call gives is fixed by number and minute."""

    name = "simulator"
    reveals = False

    def __init__(self) -> None:
        self._on_the_line: OrderedDict[UUID, Answer] = OrderedDict()

    def place(self, order: CallOrder, open_number: Callable[[], str]) -> Placed:
        heard = answer(open_number(), order.ordered_at)
        self._on_the_line[order.dial_id] = heard
        while len(self._on_the_line) > CALLS_AT_ONCE:
            self._on_the_line.popitem(last=False)
        return Placed(may_have_rung=heard.outcome not in SILENT, result=heard.outcome)

    def listen(self, dial_id: UUID) -> Answer | None:
        """What is heard on a call that this process placed; None on any other. For simulated enumerators."""
        return self._on_the_line.get(dial_id)
