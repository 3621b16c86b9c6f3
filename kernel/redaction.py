"""Keeps anything that looks like a phone number out of the logs, and every record on lines of its own."""

import logging
import re

_BETWEEN = r"(?:[\s().\-/+\u2010-\u2015]|%20|%2D|%28|%29|%2E|%2F)"
"""What people and addresses put between the digits of a number. \\d takes the digits of every script."""

NUMBER = re.compile(
    rf"(?:\+|\uff0b|%2B|%EF%BC%8B)(?:{_BETWEEN}{{0,2}}\d){{7,15}}"  # international
    rf"|(?<![\w-])0(?:{_BETWEEN}{{0,2}}\d){{8,16}}(?!\w)"  # 0 or 00 before it
    r"|(?<![\w-])\d{9,15}(?![\w-])"  # in one piece
    r"|(?<![\w:-])\d{1,4}(?:[ \u00a0\u2009\u202f]\d{2,6}){2,5}(?![\w:-])",  # in groups
    re.IGNORECASE,
)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What ends a line, moves a terminal's cursor or turns the reading direction round."""

_FORMATTER = logging.Formatter()


class NumbersRedacted(logging.Filter):
    """Renders each record once and blanks what could be a number, wherever it came from, tracebacks included.

    A message is one line, whatever people typed into it; the lines of a traceback are marked, so that none of them can
    pass for a record.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = on_one_line(without_numbers(record.getMessage()))
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = _marked(_FORMATTER.formatException(record.exc_info))
        if record.stack_info:
            record.stack_info = _marked(record.stack_info)
        return True


def without_numbers(text: str) -> str:
    """The text with a word in the place of every number."""
    return NUMBER.sub("[number]", text)


def on_one_line(text: str) -> str:
    """The text with control characters written out: a line end becomes the two signs that stand for it."""
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _marked(trace: str) -> str:
    return "\n".join(f"  | {on_one_line(line)}" for line in without_numbers(trace).split("\n"))
