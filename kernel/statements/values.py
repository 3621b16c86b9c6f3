"""The values of a statement: of which kinds and how many, what stands in for them, and how a driver takes them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

Plain = UUID | datetime | str | int
Value = Plain | Sequence[Plain]

_EPOCH = datetime(1971, 1, 1, tzinfo=UTC)


def flattened(values: tuple[Value, ...]) -> tuple[tuple[Any, ...], list[Any]]:
    """Kinds and lengths, and every value in a row; lists padded."""
    shape: list[Any] = []
    flat: list[Any] = []
    for value in values:
        if isinstance(value, list | tuple):
            if None in value:
                raise TypeError(
                    "a list of a statement holds no None: in SQL it is equal to nothing, itself included"
                )
            padded = [*value, *value[-1:] * (_next_power(len(value)) - len(value))]
            shape.append((_kind(padded[0]) if padded else None, len(padded)))
            flat += padded
        else:
            shape.append(_kind(value))
            flat.append(value)
    return tuple(shape), flat


def _next_power(length: int) -> int:
    return 1 << (length - 1).bit_length() if length else 0


def _kind(value: Any) -> type:
    for kind in (UUID, datetime, str, int):
        if isinstance(value, kind) and not isinstance(value, bool):
            return kind
    raise TypeError(f"a statement takes no {type(value).__name__}")


def shaped(flat: Sequence[Any], shape: tuple[Any, ...]) -> list[Any]:
    """The values in a row as the arguments they came from: what `flattened` took apart."""
    left = iter(flat)
    return [
        [next(left) for _each in range(one[1])] if isinstance(one, tuple) else next(left) for one in shape
    ]


def stand_in(value: Any, place: int) -> Any:
    """Something of the same kind that nothing else in the statement can be equal to."""
    kind = _kind(value)
    if kind is UUID:
        return uuid4()
    if kind is datetime:
        return _EPOCH + timedelta(microseconds=uuid4().int % 10**12)
    return f"stand-in {uuid4().hex}" if kind is str else 31_000 + place


def as_sent(value: Any, connection: Any) -> Any:
    """The value as the driver of this database takes it, as Django's fields would hand it over."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return str(value) if isinstance(value, str) else value
