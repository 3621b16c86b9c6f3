"""Numbers that regulators keep for fiction, and which invented person each belongs to.

Ofcom keeps +44 7700 900000 to 900999 for drama; Arcep keeps six blocks of ten thousand French numbers (decision
2018-0881). No subscriber ever gets one of them.
"""

from hashlib import sha256

LINES_EACH = 4
"""SIM cards a person goes through; after the fourth the first comes back."""

_BRITISH = 447_700_900_000
_FRENCH = (33_199_00_0000, 33_261_91_0000, 33_353_01_0000, 33_465_71_0000, 33_536_49_0000, 33_639_98_0000)
_BLOCK = 10_000
_EVERY = 61  # one British number after sixty French ones uses up both at the same place
KEPT_FOR_FICTION = 1000 + _BLOCK * len(_FRENCH)
PEOPLE = KEPT_FOR_FICTION // LINES_EACH
"""How many people there are numbers for."""


def number_of(person: int, line: int) -> str:
    """The number of one of the lines of a person, in E.164; people count from 0 to PEOPLE - 1."""
    place = person * LINES_EACH + line
    if not 0 <= line < LINES_EACH or not 0 <= place < KEPT_FOR_FICTION:
        raise ValueError(f"there is no line {line} of person {person}")
    round_, rest = divmod(place, _EVERY)
    if rest == 0:
        return f"+{_BRITISH + round_}"
    block, within = divmod(place - round_ - 1, _BLOCK)
    return f"+{_FRENCH[block] + within}"


def holder_of(e164: str) -> tuple[int, int]:
    """The person and line behind a number. A number from elsewhere is the first line of a person of its own."""
    value = int(e164.lstrip("+"))
    if _BRITISH <= value < _BRITISH + 1000:
        return divmod((value - _BRITISH) * _EVERY, LINES_EACH)
    for number, first in enumerate(_FRENCH):
        if first <= value < first + _BLOCK:
            round_, rest = divmod(number * _BLOCK + value - first, _EVERY - 1)
            return divmod(round_ * _EVERY + rest + 1, LINES_EACH)
    return PEOPLE + int.from_bytes(sha256(e164.encode()).digest()[:6]), 0
