"""Geometry of a line chart of shares: numbers in, coordinates out; a template writes them as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

WIDTH, HEIGHT = 600, 240
START, END, TOP, BOTTOM = 52, 590, 16, 208
LABELS_AT_MOST = 12
HALF_A_BAND = 5
SHORT = 3
"""Signs of a label that has room around its point anywhere."""
Range = tuple[float, float]
KINDS = ("", "second", "third")
"""How lines differ: by colour and by dashes."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the picture with, perhaps, words."""

    x: int
    y: int
    label: str = ""
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `path` is the data of an SVG path, empty for a single point; gaps are left open."""

    kind: str
    path: str
    dots: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """A picture of 600 by 240 units, whatever its size on the screen."""

    lines: tuple[Line, ...]
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]
    bands: tuple[str, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    start: int = START
    end: int = END


def line_chart(
    series: Sequence[Sequence[float | None]], labels: Sequence[str], ranges: Sequence[Range | None] = ()
) -> LineChart:
    """Up to three lines of shares between 0 and 1, one value per label; None leaves a gap.

    `ranges` are the lower and upper ends of what surrounds the first line, one per label.
    """
    places = _places(len(labels))
    return LineChart(
        lines=tuple(_line(kind, values, places) for kind, values in zip(KINDS, series, strict=False)),
        across=_thinned([_across(x, label, places) for x, label in zip(places, labels, strict=True)]),
        up=tuple(Mark(START, _height(share / 4), f"{share * 25}") for share in range(5)),
        bands=_bands(ranges, places),
    )


def _across(x: int, label: str, places: Sequence[int]) -> Mark:
    """Words at either end begin and end with the picture, which would cut them off."""
    anchor = "middle"
    if len(label) > SHORT and len(places) > 1:
        anchor = {places[0]: "start", places[-1]: "end"}.get(x, anchor)
    return Mark({"start": START, "end": END}.get(anchor, x), BOTTOM + 26, label, anchor)


def _line(kind: str, values: Sequence[float | None], places: Sequence[int]) -> Line:
    marks = [
        None if value is None else Mark(x, _height(value)) for x, value in zip(places, values, strict=True)
    ]
    steps = []
    before = None
    for mark in marks:
        if mark is not None:
            steps.append(f"{'M' if before is None else 'L'}{mark.x} {mark.y}")
        before = mark
    dots = tuple(mark for mark in marks if mark is not None)
    return Line(kind, "".join(steps) if len(dots) > 1 else "", dots if _has_dots(kind, dots) else ())


def _bands(ranges: Sequence[Range | None], places: Sequence[int]) -> tuple[str, ...]:
    """The areas around a line, one for each stretch without a gap; around a lone point a narrow one."""
    paths = []
    marks = list(zip(places, ranges, strict=False))
    for has_range, stretch in groupby(marks, lambda mark: mark[1] is not None):
        if has_range:
            paths.append(_area([(x, ends) for x, ends in stretch if ends is not None]))
    return tuple(paths)


def _area(stretch: list[tuple[int, Range]]) -> str:
    if len(stretch) == 1:
        ((x, ends),) = stretch
        stretch = [(x - HALF_A_BAND, ends), (x + HALF_A_BAND, ends)]
    above = [f"{x} {_height(high)}" for x, (_low, high) in stretch]
    below = [f"{x} {_height(low)}" for x, (low, _high) in reversed(stretch)]
    return f"M{'L'.join([*above, *below])}Z"


def _has_dots(kind: str, dots: Sequence[Mark]) -> bool:
    """Dots on the first line, and wherever a lone point would otherwise not be seen."""
    return len(dots) <= LABELS_AT_MOST and (kind == "" or len(dots) == 1)


def _places(how_many: int) -> list[int]:
    if how_many <= 1:
        return [(START + END) // 2] * how_many
    step = (END - START - 30) / (how_many - 1)
    return [round(START + 15 + nth * step) for nth in range(how_many)]


def _height(share: float) -> int:
    return round(BOTTOM - (BOTTOM - TOP) * min(max(share, 0.0), 1.0))


def _thinned(marks: list[Mark]) -> tuple[Mark, ...]:
    """Every mark, or every second, third … when there are too many to read."""
    every = -(-len(marks) // LABELS_AT_MOST) or 1
    return tuple(marks[::every])
