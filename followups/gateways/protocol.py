"""What a gateway is: it places one call order, and learns the number only at that moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CallOrder:
    """One dial. `dial_id` is our own key: placing the same order twice rings once."""

    dial_id: UUID
    spoken_code: str
    ordered_at: datetime


@dataclass(frozen=True, slots=True)
class Placed:
    """What the gateway says: whether it rang or may have, and how it ended if that is known already.

    `result` is the code of a disposition, as far as a network can tell it; a practice gateway can tell all of it.
    """

    may_have_rung: bool
    result: str = ""


class Gateway(Protocol):
    """`reveals` is true where the enumerator dials with their own phone and must be shown the number once."""

    @property
    def name(self) -> str: ...

    @property
    def reveals(self) -> bool: ...

    def place(self, order: CallOrder, open_number: Callable[[], str]) -> Placed:
        """Ring the respondent. `open_number` opens the number and leaves its trace; call it last, and once."""
        ...
