"""How much it says of a person's habits that a sitting did not reach them. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from followups.dispositions import DISPOSITIONS, Disposition
from followups.scheduling.outcomes import WhoAnswered

SWITCHED_OFF = 0.25
"""The phone was off or out of reach: at another hour of the same kind it may not be."""
_OFF = frozenset({"switched_off", "out_of_service"})
_OF_THE_NUMBER = frozenset({"wrong_number", "not_working", "disconnected", "number_changed", "not_connected"})


def _weight(outcome: Disposition) -> float:
    if outcome.code in _OFF:
        return SWITCHED_OFF
    # Somebody answered and it is not known who, or the fault was not theirs: that says nothing of when they are there.
    is_mute = outcome.code in _OF_THE_NUMBER or outcome.who_answered is WhoAnswered.UNKNOWN
    return 0.0 if is_mute else 1.0


WEIGHTS: Mapping[str, float] = MappingProxyType(
    {code: _weight(outcome) for code, outcome in DISPOSITIONS.items() if not outcome.is_reached}
)
"""By the code of every outcome that is no contact."""


def weight_of(disposition: str) -> float:
    """What one silence counts; nothing where the outcome reached them or is not known."""
    return WEIGHTS.get(disposition, 0.0)
