"""The ways a call can go out; which one is in use is a setting."""

from django.conf import settings

from followups.gateways.console import Console
from followups.gateways.plain_phone import PlainPhone
from followups.gateways.protocol import CallOrder, Gateway, Placed
from followups.gateways.simulator import Simulator

__all__ = ["CallOrder", "Gateway", "Placed", "in_use", "known", "practice"]

practice = Simulator()
"""The one simulator of this process: whoever places a call through it can listen to it."""

_GATEWAYS: dict[str, Gateway] = {gateway.name: gateway for gateway in (PlainPhone(), Console(), practice)}


def in_use() -> Gateway:
    """The gateway named by the setting GATEWAY; an unknown name is a programming fault and crashes at start."""
    return _GATEWAYS[settings.GATEWAY]


def known() -> frozenset[str]:
    """The names the setting may have."""
    return frozenset(_GATEWAYS)
