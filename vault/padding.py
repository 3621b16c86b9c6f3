"""Padding that hides the length of what is sealed (ISO/IEC 7816-4, up to a bucket; pure)."""

from vault.primitives import Broken

BUCKETS = (32, 64, 128, 256, 512, 1024, 2048, 4096)
STEP = 4096
LARGEST = 65_536


class TooLarge(ValueError):
    """More bytes than the largest bucket holds."""


def pad(data: bytes) -> bytes:
    """`data`, then 0x80, then zeros up to the smallest bucket that holds them; raises TooLarge."""
    size = _bucket(len(data) + 1)
    return (data + b"\x80").ljust(size, b"\x00")


def unpad(padded: bytes) -> bytes:
    """What `pad` was given; raises Broken for anything `pad` does not make."""
    marked = padded.rstrip(b"\x00")
    if not marked.endswith(b"\x80") or len(marked) > LARGEST or _bucket(len(marked)) != len(padded):
        raise Broken
    return marked[:-1]


def _bucket(size: int) -> int:
    if size > LARGEST:
        raise TooLarge
    for bucket in BUCKETS:
        if size <= bucket:
            return bucket
    return -(-size // STEP) * STEP
