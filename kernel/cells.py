"""One cell of a table that leaves for a spreadsheet: text that can never be taken for a formula."""

import unicodedata

FORMULA = frozenset("=+-@＝＋－＠﹦﹢﹣﹫")
"""What a spreadsheet reads as the beginning of a formula, in each width it is written."""

UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
"""Unicode's categories of what shows nothing: controls, formats such as a zero-width space, unassigned, separators
of lines. A spreadsheet may skip these and find a formula behind them."""

BLANKS = frozenset({"\u00ad", "\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0"})
"""Letters and signs that nevertheless show nothing."""

GUARD = "'"
"""What a spreadsheet takes for "this is text", and hides."""


def cell(text: object) -> str:
    """`text` as one cell: nothing unseen in it, and a quote before what would begin a formula.

    Line breaks and tabs become spaces. Quotes and separators are left to the csv module. None gives an empty cell.
    """
    seen = "".join(_shown(letter) for letter in ("" if text is None else str(text)))
    first = seen.lstrip()[:1]
    return GUARD + seen if _begins_a_formula(first) else seen


def _shown(letter: str) -> str:
    if letter in "\t\r\n\v\f\u0085\u2028\u2029":
        return " "
    is_unseen = unicodedata.category(letter) in UNSEEN or letter in BLANKS or _is_variation(letter)
    return "" if is_unseen else letter


def _is_variation(letter: str) -> bool:
    """Whether it only says how the letter before it is drawn."""
    return (
        "\ufe00" <= letter <= "\ufe0f"
        or "\U000e0100" <= letter <= "\U000e01ef"
        or "\u180b" <= letter <= "\u180f"
    )


def _begins_a_formula(first: str) -> bool:
    # Looked at as compatibility sees it, too: there are more ways to write an equals sign than anybody lists.
    return bool(first) and (first in FORMULA or unicodedata.normalize("NFKC", first)[:1] in FORMULA)
