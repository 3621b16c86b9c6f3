"""Looking up who holds a number, beside the bare query for the rows of one bucket.

Every row of the index has its contact point, its sealed number and its wrapped key. A lookup asks for the bucket at
every size it may have, reads numbers and keys of its rows, opens each and compares; the bare side asks the driver for
the rows of the one bucket and does no more. What matters is that a lookup takes as long in a large index as in a small.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from benchmarks import drivers
from benchmarks.figures import QUICK, Figure, Work, at_most, figure, side_by_side
from benchmarks.patterns import pattern_of
from benchmarks.seeding import numbers_for_nobody, seed, settle
from benchmarks.small_study import SmallStudy
from tracker.models import ContactPoint, Respondent
from vault import lines, providers
from vault.buckets import bits_for, digest, first_bits
from vault.models import PhoneBucket, SubjectKey

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
EACH = 5 if QUICK else 150
ROUNDS = at_most(11)
WHAT_IS_READ = (Respondent, ContactPoint, SubjectKey, PhoneBucket)
BARE = "SELECT contact_point, subject FROM vault_phonebucket WHERE index_key_id = {} AND bits = {} AND bucket = {}"


def measure(size: int, database: str) -> Iterator[Figure]:
    """Lookups a second in an index of `size` rows: of numbers that are held, and of as many that nobody has."""
    held = numbers_for_nobody(size - 1)
    _fill_index(held)
    asked = _to_ask(held)
    with drivers.connected("vault") as driver:
        mine, theirs = side_by_side(_ours(asked), _bare(asked, size, driver), rounds=ROUNDS)
    count = len(asked)
    yield figure(
        "phone lookup", database, size, value=count / mine, bare=count / theirs, unit="lookups a second"
    )


def _fill_index(numbers: list[str]) -> None:
    study = SmallStudy(1, BEGAN)
    form, by = study.joining(0)
    study.enrol(form, by, BEGAN)
    seed([pattern_of(Respondent.objects.get(pk=form.id), WHAT_IS_READ)], numbers)
    settle()


def _to_ask(held: list[str]) -> list[str]:
    some = Random(7).sample(held, EACH)  # noqa: S311
    nobodys = [f"+998{number:010d}" for number in range(EACH)]
    if not all(len(lines.holding(one)) == 1 for one in some) or any(lines.holding(one) for one in nobodys):
        raise AssertionError("the index does not find what was put into it")
    return [*some, *nobodys]


def _ours(asked: list[str]) -> Work:
    def look() -> None:
        for number in asked:
            lines.holding(number)

    return look


def _bare(asked: list[str], size: int, driver: drivers.Driver) -> Work:
    ring = providers.keyring()
    key, bits = ring.index_key_id, bits_for(size)
    buckets = [(key, bits, first_bits(digest(ring.index[key], number), bits)) for number in asked]
    statement = BARE.format(*[drivers.place(driver)] * 3)

    def look() -> None:
        for bucket in buckets:
            driver.execute(statement, bucket).fetchall()

    return look
