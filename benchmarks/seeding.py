"""A panel of any size in minutes: people who went through the use cases, copied row by row with keys of their own.

A copy has every row that concerns the pattern, in both databases, with new ids, a new code and a key of its own, and
everything sealed anew under that key for its new place: it opens as the pattern does, and is found by its own number.
"""

import hmac
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any
from uuid import UUID, uuid4

from django.db import connections, transaction

from benchmarks.patterns import Mould, Pattern
from tracker import spoken_codes
from vault import providers, reindexing, tokens
from vault.buckets import bits_for, bucket_key, e164_bytes, first_bits
from vault.primitives import fresh_key
from vault.tokens import Place

AT_ONCE = 5_000
GENERATION = 1
ALIASES = ("vault", "default")

Table = tuple[str, str, tuple[str, ...]]
Row = tuple[Any, ...]


def seed(patterns: Sequence[Pattern], numbers: Sequence[str]) -> None:
    """One more person for each of these numbers, after the patterns in turn, in a panel that has nobody else."""
    maker = Maker(bits_for(len(numbers) + len(patterns)), len(numbers))
    turn = cycle(patterns)
    for start in range(0, len(numbers), AT_ONCE):
        tables: dict[Table, list[Row]] = {}
        some = numbers[start : start + AT_ONCE]
        for pattern, number in zip(islice(turn, len(some)), some, strict=True):
            for mould, row in maker.person(pattern, number):
                tables.setdefault((mould.alias, mould.table, mould.columns), []).append(row)
        _write(tables)
    # The patterns stand in the index as in one of their own number.
    reindexing.step()


def numbers_for_nobody(count: int) -> list[str]:
    """Different numbers under a country code that no country has."""
    return [f"+999{number:010d}" for number in range(count)]


class Maker:
    """Makes the rows of copies."""

    def __init__(self, bits: int, people: int) -> None:
        self._ring = providers.keyring()
        self._bits = bits
        self._bucket_key = bucket_key(self._ring.index[self._ring.index_key_id])
        self._has_uuids = connections["default"].features.has_native_uuid_field
        self._codes = _codes(people)

    def person(self, pattern: Pattern, number: str) -> Iterator[tuple[Mould, Row]]:
        """Every row of one copy, with where it belongs."""
        ids, key = [uuid4() for _each in range(pattern.ids)], fresh_key()
        sent = ids if self._has_uuids else [one.hex for one in ids]
        made = self._made(ids[0], key, number)
        for mould in pattern.moulds:
            row = list(mould.constants)
            for place, which in mould.ids:
                row[place] = sent[which]
            for place, what in mould.made:
                row[place] = made[what]
            for place, one in mould.sealed:
                text = e164_bytes(number) if one.text is None else one.text
                row[place] = tokens.seal(
                    key, text, Place(one.label, ids[0], ids[one.row]), generation=GENERATION
                )
            yield mould, tuple(row)

    def _made(self, subject: UUID, key: bytes, number: str) -> dict[str, Any]:
        kek_id, wrapped = self._ring.wrap(key, subject=subject, generation=GENERATION)
        whole = hmac.digest(self._bucket_key, e164_bytes(number), "sha256")
        bucket = first_bits(whole, self._bits)
        return {
            "code": next(self._codes), "kek_id": kek_id, "wrapped": wrapped, "bucket": bucket, "bits": self._bits
        }  # fmt: skip


def _codes(count: int) -> Iterator[str]:
    """Different codes; that one of them is the pattern's is as good as impossible."""
    codes: set[str] = set()
    while len(codes) < count:
        codes.add(spoken_codes.draw())
    return iter(codes)


# --- Writing ----------------------------------------------------------------------------------------------------------


def _write(tables: dict[Table, list[Row]]) -> None:
    for wanted in ALIASES:
        with transaction.atomic(using=wanted):
            for (alias, table, columns), rows in tables.items():
                if alias == wanted:
                    _write_rows(connections[alias], table, columns, rows)


def _write_rows(connection: Any, table: str, columns: Sequence[str], rows: list[Row]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["?"] * len(columns))
            connection.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)
            return
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


def settle() -> None:
    """The statistics and the visibility map that a panel has which grew over years; outside of transactions."""
    for alias in ALIASES:
        with connections[alias].cursor() as cursor:
            cursor.execute("ANALYZE" if connections[alias].vendor == "sqlite" else "VACUUM ANALYZE")
