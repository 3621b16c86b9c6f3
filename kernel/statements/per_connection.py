"""What a connection keeps of statements, and how it is written through."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

MOST_KEPT = 1000


def kept(connection: Any) -> dict[Any, Any]:
    """What was worked out for this connection; it goes when the connection goes."""
    return vars(connection).setdefault("statements", {})  # type: ignore[no-any-return]


def keep(connection: Any, key: Any, ready: Any) -> None:
    """More shapes than a program has come from lists of all lengths: then it begins anew."""
    made = kept(connection)
    if len(made) >= MOST_KEPT:
        made.clear()
    made[key] = ready


@contextmanager
def writing(connection: Any) -> Iterator[Any]:
    """A cursor to write with: what fails through it marks the transaction as broken, as Django's own writing does."""
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        yield cursor
