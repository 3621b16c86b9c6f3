"""Chances and how far off they may be, as bytes: one for each slot, in 255ths. Pure."""

import numpy as np

from followups.contact_model.evidence import SLOT_COUNT, Floats

Shares = tuple[float, ...]
WHOLE = 255
NEVER, ALWAYS = 0.5 / WHOLE, 1 - 0.5 / WHOLE
"""What a byte of 0 and of 255 stand for: nobody is certain."""


def packed(chances: Floats, doubts: Floats) -> list[bytes]:
    """Sixteen bytes for each row: the chances (n, 8), then the doubts about them (n, 8)."""
    whole = np.rint(np.clip(np.hstack([chances, doubts]), 0, 1) * WHOLE).astype(np.uint8)
    return [row.tobytes() for row in whole]


def in_255ths(alive: Floats) -> list[int]:
    return np.rint(np.clip(alive, 0, 1) * WHOLE).astype(int).tolist()  # type: ignore[no-any-return]


def unpacked(kept: bytes | memoryview) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The chances and the doubts that such bytes stand for; no chance is certain."""
    shares = tuple(byte / WHOLE for byte in bytes(kept))
    return tuple(min(max(share, NEVER), ALWAYS) for share in shares[:SLOT_COUNT]), shares[SLOT_COUNT:]
