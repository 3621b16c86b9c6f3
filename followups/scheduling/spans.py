"""Half-open stretches of time [starts_at, ends_at) in UTC, and the set algebra on them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

BEGINNING = datetime.min.replace(tzinfo=UTC)
FOREVER = datetime.max.replace(tzinfo=UTC)

Spans = tuple["Span", ...]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `starts_at`, included, to `ends_at`, not included; both aware UTC."""

    starts_at: datetime
    ends_at: datetime

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at

    @property
    def is_empty(self) -> bool:
        return self.ends_at <= self.starts_at


def overlap(one: Span, other: Span) -> Span:
    """The time in both; empty when they do not meet."""
    return Span(max(one.starts_at, other.starts_at), min(one.ends_at, other.ends_at))


def joined(spans: Iterable[Span]) -> Spans:
    """The same time in order, with spans that touch or overlap made one and empty ones left out."""
    found: list[Span] = []
    for span in sorted(span for span in spans if not span.is_empty):
        if found and span.starts_at <= found[-1].ends_at:
            found[-1] = Span(found[-1].starts_at, max(found[-1].ends_at, span.ends_at))
        else:
            found.append(span)
    return tuple(found)


def common(some: Iterable[Span], others: Iterable[Span]) -> Spans:
    """The time covered by both collections."""
    others = tuple(others)
    return joined(
        overlap(one, other)
        for one in some
        for other in others
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at
    )


def without(spans: Iterable[Span], blocked: Iterable[Span]) -> Spans:
    """The time of `spans` that no blocked span covers."""
    blocks = joined(blocked)
    return tuple(piece for span in joined(spans) for piece in _left_of(span, blocks))


def _left_of(span: Span, blocks: Spans) -> Iterator[Span]:
    """What ordered, separate blocks leave of a span."""
    start = span.starts_at
    for block in blocks:
        if block.starts_at >= span.ends_at:
            break
        if start < block.starts_at:
            yield Span(start, block.starts_at)
        start = max(start, block.ends_at)
    if start < span.ends_at:
        yield Span(start, span.ends_at)


def run_until(spans: Iterable[Span], at: datetime) -> datetime | None:
    """The end of the unbroken run of spans around `at`; None when none covers it."""
    return next((span.ends_at for span in joined(spans) if span.covers(at)), None)
