"""Chance that can be drawn again: it belongs to the thing drawn for, so that no order of work changes it."""

from collections.abc import Mapping
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")


def chance(*parts: object) -> Random:
    """A source of chance of its own for these parts. Not for secrets."""
    return Random(":".join(map(str, parts)))  # noqa: S311  # nosec B311


def pick(random: Random, shares: Mapping[Thing, float]) -> Thing:
    """One of the keys, each as likely as its share."""
    return random.choices(list(shares), list(shares.values()))[0]
