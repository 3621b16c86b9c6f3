"""The random reference a respondent quotes to a partner: never a spoken code, nor anything that passes for one."""

import secrets
from collections.abc import Callable

from tracker import spoken_codes

LENGTH = 8


def draw(randbelow: Callable[[int], int] = secrets.randbelow) -> str:
    """Eight symbols of the same alphabet whose check fails as a spoken code, so that the two are never mixed up."""
    while True:
        drawn = "".join(spoken_codes.ALPHABET[randbelow(32)] for _place in range(LENGTH))
        if not spoken_codes.is_code(drawn):
            return drawn


def display(reference: str) -> str:
    """The reference as people read it, grouped otherwise than a spoken code: `K7-Q29-M4X`."""
    return f"{reference[:2]}-{reference[2:5]}-{reference[5:]}"
