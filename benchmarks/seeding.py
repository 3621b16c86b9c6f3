"""A panel of any size in minutes: people who went through the use cases, copied row by row with keys of their own.

A copy has every row that concerns the pattern, in both databases, with new ids, a new code and a key of its own, and
everything sealed anew under that key for its new place: it opens as the pattern does, and is found by its own number.
"""

import hmac
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, cycle, islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from benchmarks.bulk import ALIASES, Table, rows_for, settle
from benchmarks.patterns import Mould, Pattern, Sealing
from tracker import spoken_codes
from vault import providers, reindexing, tokens
from vault.buckets import bits_for, bucket_key, e164_bytes, first_bits
from vault.primitives import fresh_key
from vault.tokens import Place

__all__ = ["numbers_for_nobody", "seed", "settle", "tables_of"]

AT_ONCE = 5_000
GENERATION = 1
ID_DIGITS = 32
WORKED_OUT = ("code", "kek_id", "wrapped", "bucket", "bits")
SPREAD_SECONDS = 6 * 3600
STEP_SECONDS = 7_919
"""A prime: steps of it, modulo the spread, meet every second of it before any comes again."""


def seed(patterns: Sequence[Pattern], numbers: Sequence[str]) -> None:
    """One more person for each of these numbers, after the patterns in turn, in a panel that has nobody else."""
    maker = Maker(bits_for(len(numbers) + len(patterns)), len(numbers))
    turn = cycle(patterns)
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        for pattern, number in zip(islice(turn, len(some)), some, strict=True):
            maker.person(pattern, number)
        maker.write()
    # The patterns stand in the index as in one of their own number.
    reindexing.step()


def tables_of(patterns: Sequence[Pattern]) -> list[Table]:
    """Every table that copies of these are written to."""
    return list({_table(mould) for pattern in patterns for mould in pattern.moulds})


def numbers_for_nobody(how_many: int) -> list[str]:
    """Different numbers under a country code that no country has."""
    return [f"+999{number:010d}" for number in range(how_many)]


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """How rows are put together after one pattern: from the values that are new in each copy, and its constants.

    `rows` has, for each row, where it is collected and what picks its values: nothing is decided any more per copy.
    """

    sealed: tuple[Sealing, ...]
    moved: tuple[datetime, ...]
    constants: list[Any]
    rows: list[tuple[list[Any], Callable[[Sequence[Any]], Any]]]


class Maker:
    """Makes the rows of copies, and writes them."""

    def __init__(self, bits: int, people: int) -> None:
        self._ring = providers.keyring()
        self._bits = bits
        self._bucket_key = bucket_key(self._ring.index[self._ring.index_key_id])
        self._rows = rows_for("default")
        self._codes = _codes(people)
        self._recipes: dict[Pattern, Recipe] = {}
        self._lines: dict[Table, list[Any]] = {}
        self._seconds = 0

    def person(self, pattern: Pattern, number: str) -> None:
        """Every row of one copy; they are kept until they are written."""
        recipe = self._recipes.get(pattern) or self._learn(pattern)
        drawn = os.urandom(pattern.ids * ID_DIGITS // 2).hex()
        ids = [drawn[start : start + ID_DIGITS] for start in range(0, len(drawn), ID_DIGITS)]
        key, subject, e164 = fresh_key(), UUID(ids[0]), e164_bytes(number)
        values = [*ids, *self._made(subject, key, e164)]
        for one in recipe.sealed:
            where = Place(one.label, subject, UUID(ids[one.row]))
            token = tokens.seal(key, e164 if one.text is None else one.text, where, generation=GENERATION)
            values.append(self._rows.of_bytes(token))
        self._seconds = (self._seconds + STEP_SECONDS) % SPREAD_SECONDS
        later = timedelta(seconds=self._seconds)
        values += [_written(moment + later) for moment in recipe.moved]
        values += recipe.constants
        line = self._rows.line
        for lines, picked in recipe.rows:
            lines.append(line(picked(values)))

    def write(self) -> None:
        """All that was made since the last time: keys first, as everywhere."""
        for wanted in ALIASES:
            with transaction.atomic(using=wanted):
                for (alias, table, columns), lines in self._lines.items():
                    if alias == wanted and lines:
                        self._rows.write(connections[alias], table, columns, lines)
                        lines.clear()

    def _made(self, subject: UUID, key: bytes, e164: bytes) -> list[Any]:
        """In the order of WORKED_OUT."""
        kek_id, wrapped = self._ring.wrap(key, subject=subject, generation=GENERATION)
        bucket = first_bits(hmac.digest(self._bucket_key, e164, "sha256"), self._bits)
        text, of_bytes = self._rows.cell, self._rows.of_bytes
        return [next(self._codes), of_bytes(kek_id), of_bytes(wrapped), text(bucket), text(self._bits)]

    def _learn(self, pattern: Pattern) -> Recipe:
        moulds = pattern.moulds
        sealed = tuple(one for mould in moulds for _place, one in mould.sealed)
        moved = tuple(one for mould in moulds for _place, one in mould.moved)
        constants: list[Any] = []
        rows = []
        first_sealed = pattern.ids + len(WORKED_OUT)
        next_sealed, next_moved = count(first_sealed), count(first_sealed + len(sealed))
        first_constant = first_sealed + len(sealed) + len(moved)
        for mould in moulds:
            where = dict(mould.ids)
            where |= {place: pattern.ids + WORKED_OUT.index(what) for place, what in mould.made}
            where |= {place: next(next_sealed) for place, _one in mould.sealed}
            where |= {place: next(next_moved) for place, _moment in mould.moved}
            for place, value in enumerate(mould.constants):
                if place not in where:
                    where[place] = first_constant + len(constants)
                    constants.append(self._rows.cell(value))
            picked = itemgetter(*(where[place] for place in range(len(mould.columns))))
            rows.append((self._lines.setdefault(_table(mould), []), picked))
        self._recipes[pattern] = Recipe(sealed, moved, constants, rows)
        return self._recipes[pattern]


def _table(mould: Mould) -> Table:
    return mould.alias, mould.table, mould.columns


def _written(moment: datetime) -> str:
    """As SQLite keeps it and PostgreSQL reads it."""
    return f"{moment:%Y-%m-%d %H:%M:%S}" if connections["default"].vendor == "sqlite" else moment.isoformat()


def _codes(people: int) -> Iterator[str]:
    """Different codes; that one of them is the pattern's is as good as impossible."""
    codes: set[str] = set()
    while len(codes) < people:
        codes.add(spoken_codes.draw())
    return iter(codes)
