"""Pages for people who have signed in, through all of the middleware, beside the questions each of them asks.

The bare side sends the SELECTs of the same page by the driver and reads their rows. What is left is what it takes to
sign in, decide and render; what both share is what grows with the panel.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from unittest import mock

from django.conf import settings
from django.test import Client

from accounts.models import User
from benchmarks import callers
from benchmarks.figures import QUICK, Figure, figure, quantile
from benchmarks.lives import NOW
from benchmarks.sent import Repeating, listening
from kernel import clock
from tests.signing_in import signed_in
from tracker.models import Respondent

REQUESTS = 3 if QUICK else 30
LONGEST_SECONDS = 20
"""A page that is slow is asked for less often."""
PEOPLE = 50
PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


@dataclass(frozen=True, slots=True)
class Page:
    """A page by name, who reads it, and its addresses in turn."""

    name: str
    reader: User
    addresses: Sequence[str]


def measure(size: int, database: str) -> Iterator[Figure]:
    """Median and 95th of each page, and how many statements it sends."""
    settings.ALLOWED_HOSTS = ["*"]
    # The files of the pages are another's work: no list of them was made for these databases.
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_FILES}}
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(clock, "wall", lambda: NOW))
        stack.enter_context(mock.patch.object(time, "time", NOW.timestamp))
        repeating = Repeating(stack)
        for page in _pages():
            ours, bare, queries = _in_turns(page, repeating)
            for name, share in (("p50", 0.5), ("p95", 0.95)):
                value, beside = quantile(ours, share) * 1000, quantile(bare, share) * 1000
                yield figure(f"{page.name} {name}", database, size, value=value, bare=beside, unit="ms")
            yield figure(
                f"{page.name} queries", database, size, value=queries, bare=queries, unit="statements"
            )


def _pages() -> list[Page]:
    coordinator = User.objects.get(username="coordinator")
    people = Respondent.objects.order_by("pk").values_list("pk", flat=True)[:PEOPLE]
    return [
        Page("respondent page", coordinator, [f"/people/{pk}/" for pk in people]),
        Page("respondent list", coordinator, ["/people/"]),
        Page("today", callers.group("one")[0], ["/calls/"]),
        Page("board", coordinator, ["/reports/board"]),
        Page("owed list", coordinator, ["/reports/owed"]),
        Page("lost list", coordinator, ["/reports/lost"]),
        Page("holds list", coordinator, ["/reports/holds"]),
    ]


def _in_turns(page: Page, repeating: Repeating) -> tuple[list[float], list[float], float]:
    ours, bare, counts = list[float](), list[float](), list[int]()
    client = signed_in(Client(), page.reader)
    began, addresses = time.perf_counter(), cycle(page.addresses)
    while len(ours) < REQUESTS + 1 and (len(ours) < 3 or time.perf_counter() - began < LONGEST_SECONDS):
        address = next(addresses)
        with listening() as asked:
            at = time.perf_counter()
            answer = client.get(address, secure=True)
            ours.append(time.perf_counter() - at)
        if answer.status_code != 200:
            raise AssertionError(f"{address} answered {answer.status_code}")
        counts.append(len(asked))
        bare.append(repeating.seconds(asked))
    # The first request loads templates and plans statements.
    return ours[1:], bare[1:], quantile(counts[1:], 0.5)
