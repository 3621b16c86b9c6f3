"""Passphrases as people type them, and the pipe they come through in a test."""

import os

GOOD = "five plain words drawn by chance"
OTHER = "six other plain words drawn late"


def descriptor(text: str) -> str:
    """A file descriptor from which the text can be read once, as an option takes it."""
    out, into = os.pipe()
    os.write(into, text.encode())
    os.close(into)
    return str(out)
