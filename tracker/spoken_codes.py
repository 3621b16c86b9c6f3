"""The short code a respondent is known by: drawn at random, read aloud, typed back with its check symbol."""

import secrets
import unicodedata
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford base32: no I, L, O or U."""

BODY_LENGTH = 7
CODE_LENGTH = BODY_LENGTH + 1

FILLERS = "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\u200e\u200f\u2066\u2069"
"""What may stand between the symbols of a code, beside spaces."""

_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1


def draw(randbelow: Callable[[int], int] = secrets.randbelow) -> str:
    """Eight symbols as stored, check symbol last, no hyphen. One in 30,000 clashes at a million codes: draw again."""
    number = randbelow(32**BODY_LENGTH)
    body = "".join(ALPHABET[(number >> shift) & 31] for shift in range(5 * (BODY_LENGTH - 1), -1, -5))
    return body + check_symbol(body)


def check_symbol(body: str) -> str:
    """Damm's check over GF(32) (Damm 2004, totally anti-symmetric quasigroups): finds every single error and swap."""
    return ALPHABET[_fold(body)]


def is_code(code: str) -> bool:
    """Whether `code`, exactly as stored, is eight symbols of the alphabet with the right check symbol."""
    return len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) and _fold(code) == 0


def display(code: str) -> str:
    """The code as people read it: K7Q2-9M4X."""
    return f"{code[:4]}-{code[4:]}"


def parse(text: str) -> str:
    """The stored form of what was typed or heard: case, spaces, hyphens, I, L and O are forgiven.

    Raises DomainError `code_malformed` (not eight letters and digits) or `code_check_failed` (a slip in one of them).
    """
    typed = [_western(symbol) for symbol in text.upper() if not _is_filler(symbol)]
    if len(typed) != CODE_LENGTH or not set(typed) <= _VALUES.keys():
        raise _malformed()
    code = "".join(ALPHABET[_VALUES[symbol]] for symbol in typed)
    if not is_code(code):
        raise _check_failed()
    return code


def _fold(symbols: str) -> int:
    state = 0
    for symbol in symbols:
        state = _double(state ^ _VALUES[symbol])
    return state


def _double(value: int) -> int:
    """Times x in GF(2^5)."""
    doubled = value << 1
    return doubled ^ _POLYNOMIAL if doubled & 32 else doubled


def _western(symbol: str) -> str:
    """A decimal digit of any script as 0 to 9; anything else as it is."""
    return str(unicodedata.decimal(symbol, symbol))


def _is_filler(symbol: str) -> bool:
    """Spaces, any hyphen, and the invisible direction marks that right-to-left keyboards add."""
    return symbol.isspace() or symbol in FILLERS


def _malformed() -> DomainError:
    return DomainError(
        "code_malformed",
        _("A code has eight letters and digits, such as K7Q2-9M4S, and never the letter U."),
        next_step=_("Check the code and type it again."),
    )


def _check_failed() -> DomainError:
    return DomainError(
        "code_check_failed",
        _("This code does not fit together: one of its letters or digits is wrong, or two changed places."),
        next_step=_("Ask for the code once more, one symbol at a time, and type it again."),
    )
