"""Waiting for what another process is to do, and asking it over a port of this machine."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable

WAIT_SECONDS = 60


class NotInTime(AssertionError):
    """What should have happened did not."""


def wait_until(
    is_so: Callable[[], object], what: str = "it", seconds: float = WAIT_SECONDS, step: float = 0.3
) -> float:
    """Wait until it is so; how many seconds that took."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > seconds:
            raise NotInTime(f"{what} did not happen within {seconds:g} s")
        time.sleep(step)
    return time.monotonic() - began


def answer(port: int, page: str) -> tuple[int, str]:
    """Status and text of a page; status 0 when nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=5) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except OSError:
        return 0, ""
