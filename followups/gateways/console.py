"""Console: writes a line where a call would go out; for trying things without a phone."""

import logging
from collections.abc import Callable

from followups.gateways.protocol import CallOrder, Placed

log = logging.getLogger(__name__)


class Console:
    """Opens the number as a real gateway would, and says which code it would ring, never which number."""

    name = "console"
    reveals = False

    def place(self, order: CallOrder, open_number: Callable[[], str]) -> Placed:
        open_number()
        log.info("ringing %s", order.spoken_code)
        return Placed(may_have_rung=True)
