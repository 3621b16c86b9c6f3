"""How many share a bucket of the phone index."""

import pytest

from tests.vault import known_answers as kat
from vault import buckets


@pytest.mark.parametrize(
    ("rows", "bits"),
    [(0, 0), (15, 0), (16, 1), (100, 3), (500, 5), (2_000, 7), (10_000, 10), (100_000, 13), (300_000, 15),
     (1_000_000, 16), (4_000_000, 18)],
)  # fmt: skip
def test_the_size_of_a_bucket_follows_the_number_of_rows(rows, bits):
    assert buckets.bits_for(rows) == bits


def test_the_index_grows_one_bit_when_its_rows_have_doubled():
    assert buckets.bits_wanted(1_023, 6) == 6
    assert buckets.bits_wanted(1_024, 6) == 7


def test_the_index_shrinks_only_when_fewer_than_four_share_a_bucket():
    assert buckets.bits_wanted(512, 7) == 7
    assert buckets.bits_wanted(511, 7) == 5


def test_no_bits_are_one_bucket_for_all():
    assert buckets.first_bits(buckets.digest(kat.INDEX_KEY, "+12025550123"), 0) == 0


@pytest.mark.parametrize(
    "text", ["", "12025550123", "+0123456789", "+1202555012a", "+1 202 555 0123", "+١٢٠٢٥٥٥٠١٢٣"]
)
def test_what_is_not_e164_is_refused_without_repeating_it(text):
    with pytest.raises(ValueError, match="E.164") as refusal:
        buckets.digest(kat.INDEX_KEY, text)

    assert not text or text not in str(refusal.value)


def test_the_code_of_a_refused_number_tells_nothing_of_its_bucket():
    assert buckets.refusal_code(kat.INDEX_KEY, kat.NUMBER) != buckets.digest(kat.INDEX_KEY, kat.NUMBER)


def test_a_lock_fits_postgresql_and_depends_on_no_bucket_size():
    whole = buckets.digest(kat.INDEX_KEY, kat.NUMBER)

    assert -(2**63) <= buckets.lock_number(1, whole) < 2**63
    assert buckets.lock_number(1, whole) != buckets.lock_number(2, whole)
