"""Answering after the same time whatever was found, so that the wait tells nothing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def even_time(seconds: float) -> Iterator[None]:
    """Let what is inside take at least `seconds`, also when it refuses."""
    until = time.monotonic() + seconds
    try:
        yield
    finally:
        time.sleep(max(0.0, until - time.monotonic()))
