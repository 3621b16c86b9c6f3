"""What one process of the run does: set Django up for the words of the engine, and live through a piece."""

from __future__ import annotations

import os

from tests.followups.decisions.tallying import Tally


def set_up() -> None:
    """The engine is pure, but its words come from rooms that need Django's settings."""
    import tests.services.environment  # noqa: F401

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


def decide(decisions: int, seed: str) -> Tally:
    from tests.followups.decisions import living

    return living.decide(decisions, seed)
