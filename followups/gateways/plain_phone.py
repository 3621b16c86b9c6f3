"""Plain phone: no provider; the enumerator is shown one number for one dial and uses their own phone."""

from collections.abc import Callable

from followups.gateways.protocol import CallOrder, Placed


class PlainPhone:
    """Places nothing itself: the page that shows the number is the call."""

    name = "plain"
    reveals = True

    def place(self, order: CallOrder, open_number: Callable[[], str]) -> Placed:
        return Placed(may_have_rung=True)
