"""How much an old dial still says."""

from typing import Any

import numpy as np

from followups.contact_model.evidence import Floats

HALF_LIFE_DAYS = 720.0
"""Habits last: what changes them is a move, which is known and wipes a pattern at once."""


def weight_after(days: Any) -> Floats:
    """The weight of dials made so many days ago: a half after each half-life."""
    return (0.5 ** (np.asarray(days, np.float64) / HALF_LIFE_DAYS)).astype(np.float32)  # type: ignore[no-any-return]
