"""The text of a statement, and where its values go in."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.statements.values import as_sent

Params = tuple[Any, ...]


class StandInLost(TypeError):
    """A value of a statement is nowhere in its SQL: the function looked at its values, or converts them on the way."""


@dataclass(frozen=True, slots=True)
class Text:
    """One statement: its SQL, its parameters with a hole for each value, and which value goes into which hole."""

    sql: str
    params: Params
    holes: tuple[tuple[int, int, type | None], ...]

    def filled(self, values: Sequence[Any]) -> Params:
        params = list(self.params)
        for hole, value, wrapper in self.holes:
            params[hole] = wrapper(values[value]) if wrapper else values[value]
        return tuple(params)

    def with_literals(self, literal: Callable[[Any], str]) -> "Text":
        """The same with all but the values written into the text, so that a server knows it when it comes again."""
        holes = {hole: (value, wrapper) for hole, value, wrapper in self.holes}
        kept, sql, place = list[tuple[int, int, type | None]](), "", 0
        for part in re.split(r"(%%|%s)", self.sql):
            if part != "%s":
                sql += part
                continue
            if place in holes:
                kept.append((len(kept), *holes[place]))
                sql += "%s"
            else:
                sql += literal(self.params[place]).replace("%", "%%")
            place += 1
        return Text(sql, (None,) * len(kept), tuple(kept))


def with_holes(made: tuple[str, Iterable[Any]], stand_ins: Sequence[Any], connection: Any) -> Text:
    """The SQL just made, with the places where the stand-ins went in; each has to be found in at least one."""
    sql, params = made
    places = {as_sent(one, connection): place for place, one in enumerate(stand_ins)}
    found = tuple(params)
    holes = tuple(
        (hole, places[param], _wrapper(param)) for hole, param in enumerate(found) if _is_in(param, places)
    )
    if len({value for _hole, value, _wrapper in holes}) != len(stand_ins):
        raise StandInLost("each value of a statement has to reach its SQL as it is")
    return Text(sql, found, holes)


def _is_in(param: Any, places: dict[Any, int]) -> bool:
    return isinstance(param, UUID | datetime | str | int) and param in places


def _wrapper(param: Any) -> type | None:
    """PostgreSQL is told how wide a number is by its class; everything else goes as it is."""
    return type(param) if isinstance(param, int) and type(param) is not int else None
