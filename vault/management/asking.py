"""Asking for a passphrase: at the terminal, or through a file descriptor; never in an argument or a variable."""

import getpass
import os
import sys
from argparse import ArgumentParser

from django.core.management.base import CommandError

MOST_BYTES = 4096


def add_argument(
    parser: ArgumentParser, name: str = "--passphrase-fd", whose: str = "the passphrase"
) -> None:
    parser.add_argument(
        name,
        type=int,
        metavar="N",
        help=f"read {whose} from file descriptor N, up to the end; without it you are asked at the terminal",
    )


def passphrase(prompt: str, *, descriptor: int | None, twice: bool = False) -> str:
    """What was typed, or what came through the descriptor; raises CommandError where nobody can be asked."""
    if descriptor is not None:
        return _from(descriptor)
    if not sys.stdin.isatty():
        raise CommandError(
            "There is no terminal to ask for the passphrase: use --passphrase-fd.", returncode=1
        )
    found = getpass.getpass(f"{prompt}: ")
    if twice and getpass.getpass(f"{prompt}, again: ") != found:
        raise CommandError("The two are not the same. Nothing was done. Run it again.", returncode=1)
    return found


def _from(descriptor: int) -> str:
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as source:
            return source.read(MOST_BYTES).decode().removesuffix("\n")
    except (OSError, ValueError):
        raise CommandError(
            f"No passphrase can be read from file descriptor {descriptor}.", returncode=1
        ) from None
