"""Keeps anything that looks like a phone number out of the logs."""

import logging
import re

NUMBER = re.compile(r"(\+|%2B)\d{7,15}|(?<![\w-])\d{9,15}(?![\w-])", re.IGNORECASE)


class NumbersRedacted(logging.Filter):
    """Renders each record once and blanks what could be a number, wherever it came from."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = NUMBER.sub("[number]", record.getMessage())
        record.args = None
        return True
