"""A square code for phone cameras as one path of an SVG that stands in the page itself (pure)."""

from dataclasses import dataclass

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

BORDER = 4
"""Empty squares around it, as ISO/IEC 18004 asks."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The side of the picture in squares, and the path that fills the dark ones."""

    side: int
    path: str


def drawing_of(text: str) -> Drawing:
    """How to draw `text`; each run of dark squares in a row is one rectangle."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=BORDER)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    parts = [f"M{x} {y}h{width}v1h-{width}z" for y, row in enumerate(rows) for x, width in _runs(row)]
    return Drawing(len(rows), "".join(parts))


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where dark squares begin, and how many follow."""
    runs: list[tuple[int, int]] = []
    for x, is_dark in enumerate(row):
        if not is_dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
