"""What must hold before the server starts."""

from typing import Any

from django.conf import settings
from django.core import checks

from followups import gateways

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "testserver"}
GATEWAYS_THAT_DIAL = {"twilio"}


@checks.register(checks.Tags.security)
def demo_stays_on_loopback(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """The demo's relaxed sign-in is for this machine only, and never beside a gateway that dials real numbers."""
    if not settings.RECONTACT_DEMO:
        return []
    found: list[checks.CheckMessage] = []
    if not set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        found.append(
            checks.Error(
                "The demo may be reached from other machines.",
                hint="Set ALLOWED_HOSTS to 127.0.0.1,localhost or unset RECONTACT_DEMO.",
                id="config.E001",
            )
        )
    if settings.GATEWAY in GATEWAYS_THAT_DIAL:
        found.append(
            checks.Error(
                "The demo has a gateway that dials real numbers.",
                hint="Set GATEWAY to plain, console or simulator, or unset RECONTACT_DEMO.",
                id="config.E002",
            )
        )
    return found


@checks.register(checks.Tags.security)
def practice_is_for_invented_people(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """With a practice gateway outcomes are invented: beside people's data they would be kept as if they were true."""
    if gateways.practice.name != settings.GATEWAY or settings.RECONTACT_DEMO or settings.DEBUG:
        return []
    return [
        checks.Error(
            "Calls are practice calls, and this is not the demo: what is recorded of them would be taken for true.",
            hint="Set GATEWAY to plain, or practise in the demo: make demo.",
            id="config.E003",
        )
    ]
